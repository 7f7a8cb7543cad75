// Draws the OpenAPI document named by the page; nothing is asked of any other site.
const api = document.getElementById("api");
const dark = matchMedia("(prefers-color-scheme: dark)");

function followScheme() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

// Swagger UI's own layout is a whole page with a main part; ours is a section of this page.
function section({ React }) {
  const draw = React.createElement;
  const Section = ({ getComponent }) =>
    draw(
      "div",
      { className: "swagger-ui" },
      draw(getComponent("InfoContainer", true)),
      draw(getComponent("operations", true)),
    );
  return { components: { Section } };
}

// Its choices have no name that a screen reader could say.
function nameChoices() {
  for (const row of api.querySelectorAll("tr[data-param-name]")) {
    row.querySelector("select")?.setAttribute("aria-label", row.dataset.paramName);
  }
}

new MutationObserver(nameChoices).observe(api, { childList: true, subtree: true });
dark.addEventListener("change", followScheme);
followScheme();

window.SwaggerUIBundle({
  domNode: api,
  url: api.dataset.document,
  deepLinking: false,
  docExpansion: "list",
  layout: "Section",
  plugins: [section],
  supportedSubmitMethods: ["get"],
  syntaxHighlight: false,
  validatorUrl: null,
});
