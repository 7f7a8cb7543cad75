-- wrk -s cycle.lua ADDRESS -- FILE: ask for the paths in FILE, one a line, again and again.
-- Prints one line of JSON; latencies of wrk are microseconds.

local requests, turn = {}, 0

function init(args)
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format(
    '{"p50_ms": %.3f, "p95_ms": %.3f, "p99_ms": %.3f, "per_s": %.1f, "answers": %d, "errors": %d}\n',
    latency:percentile(50) / 1000,
    latency:percentile(95) / 1000,
    latency:percentile(99) / 1000,
    summary.requests / (summary.duration / 1e6),
    summary.requests,
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout
  ))
end
