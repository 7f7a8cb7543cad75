"""What we promise about security, and the tests that prove it.

The numbers are those of OWASP's Application Security Verification Standard 5.0. What has no test
stands in SECURITY.md with the reason. A promise that is new goes here first.
"""

from dataclasses import dataclass

# A number, our words, and below them each proof: a test, by its file under tests/ and its name.
TABLE = """
# 1 Encoding and injection
1.2.1 what people say is text on every page, in every mail and file
    security/test_encoding.py::test_no_text_of_anybody_becomes_markup_on_any_page
    security/test_encoding.py::test_no_text_of_anybody_becomes_a_script_or_an_event_on_any_page
    security/test_encoding.py::test_what_is_no_page_says_so_and_is_not_sniffed
    browser/test_hostile_text.py::test_on_its_card_and_in_its_popup
    browser/test_hostile_text.py::test_what_a_visitor_types_is_text_too
    unit/test_mail_templates.py::test_what_people_wrote_stays_text
    web/visitors/test_markup.py::test_nothing_in_prose_can_run
1.2.2 a link leads to no script
    security/test_encoding.py::test_a_website_that_a_browser_would_run_is_refused
    security/test_encoding.py::test_no_link_of_any_page_leads_to_a_script
    unit/test_draft_schema.py::test_a_website_that_is_no_plain_web_address_is_refused
1.2.3 JSON within a page cannot end its script
    security/test_encoding.py::test_json_within_a_page_cannot_end_its_script
1.2.4 SQL injection
    security/test_source.py::test_no_statement_of_sql_is_put_together_from_text
    security/test_encoding.py::test_signs_that_mean_something_to_a_search_are_only_signs
    api/test_bad_input.py::test_what_is_merely_odd_is_answered_at_once
1.2.9 signs of expressions and queries are only signs
    security/test_encoding.py::test_signs_that_mean_something_to_a_search_are_only_signs
1.2.10 no cell of a file is a formula
    usecases/imports/test_export.py::test_no_cell_is_a_formula_and_every_cell_comes_back
    usecases/imports/test_export.py::test_importing_an_export_changes_nothing
    unit/rosters/test_reading.py::test_a_cell_that_a_spreadsheet_would_run_is_kept_aside
    web/accounts/test_roles.py::test_the_audit_is_sieved_and_exported_without_formulas
1.3.6,15.3.2 the site fetches no address that anybody names
    security/test_source.py::test_no_module_can_call_another_host_by_http
    security/test_encoding.py::test_looking_at_what_names_addresses_asks_nothing_of_the_network
1.3.7 no text of anybody is a template
    security/test_encoding.py::test_no_text_of_anybody_is_read_as_a_template
    security/test_source.py::test_no_page_is_a_template_made_of_what_people_said
1.3.11 words add no header and no reader to a mail
    unit/test_mail.py::test_words_cannot_add_a_header
    unit/test_mail.py::test_a_recipient_is_one_address_or_none
    unit/test_mail_templates.py::test_a_name_of_many_lines_cannot_leave_the_subject
1.5.2 what is read cannot run
    faults/test_matrix.py::test_a_hostile_pickle_is_never_executed
    security/test_source.py::test_nothing_thaws_what_python_has_frozen
    security/test_source.py::test_nothing_that_was_sent_can_become_code
# 2 Validation and logic
2.2.2 the server checks, whatever the browser did
    api/test_bad_input.py::test_what_cannot_be_meant_is_refused_with_the_parameter_named
    unit/test_pages.py::test_what_will_not_do_is_told_at_its_box
    unit/test_draft_schema.py::test_whatever_comes_in_is_a_sound_draft_or_a_clear_refusal
2.3.1 no step can be left out
    usecases/practitioners/test_submitting.py::test_what_lacks_is_named_all_at_once
    usecases/practitioners/test_submitting.py::test_without_leave_nothing_is_sent_and_nothing_approved
    web/practitioners/test_listing.py::test_nobody_can_send_what_is_not_theirs_to_decide
    web/moderation/test_queue.py::test_a_replaced_version_cannot_be_approved
2.3.3,15.4.2 of many at once, one counts
    usecases/practitioners/test_submitting.py::test_of_twenty_approvals_at_the_same_time_one_counts
    usecases/practitioners/test_claiming.py::test_of_two_at_once_one_wins
    usecases/practitioners/test_races.py::test_many_who_confirm_tap_and_erase_all_at_once_are_answered_and_it_stays_erased
    faults/test_matrix.py::test_of_several_indexers_one_publishes_and_a_stale_one_never
2.4.1 nobody floods us, or a mailbox through us
    web/accounts/test_limits.py::test_every_limit_has_a_test
    web/accounts/test_silence.py::test_nobody_fills_a_mailbox_through_us
    web/visitors/test_reporting.py::test_without_a_proof_there_is_a_slow_lane_and_with_one_a_wider
    usecases/practitioners/test_helping.py::test_nobody_can_invite_the_whole_world
# 3 Browsers
3.2.1 a file that was sent is only a file
    web/practitioners/test_portraits.py::test_a_public_photo_is_for_all_and_can_do_nothing
3.3.1-4 the cookie is bound to host, https and this site
    web/accounts/test_sessions.py::test_over_https_the_cookie_is_bound_to_the_host
3.4.1 https for a year
    security/test_browsers.py::test_over_https_every_answer_asks_for_https_for_a_year
3.4.2 no other origin may read
    security/test_browsers.py::test_no_page_but_the_api_lets_another_origin_read_it
    security/test_browsers.py::test_no_other_origin_is_allowed_to_send_anything
    api/test_sharing.py::test_nothing_but_the_api_can_be_read_or_sent_to_from_another_page
3.4.3 no page runs a script that is not ours
    security/test_browsers.py::test_every_page_of_everybody_forbids_frames_inline_scripts_and_eval
    security/test_browsers.py::test_htmx_may_evaluate_nothing_and_keeps_no_page_wherever_it_is_loaded
    browser/test_privacy.py::test_the_policy_allows_this_site_alone
3.4.5 no other site hears of a search
    security/test_browsers.py::test_a_click_to_another_site_does_not_tell_it_the_search
    browser/test_privacy.py::test_a_link_to_elsewhere_does_not_say_where_one_came_from
3.4.6 no page stands in a frame
    security/test_browsers.py::test_every_page_of_everybody_forbids_frames_inline_scripts_and_eval
3.5.1 no other site sends a form in somebody's name
    web/accounts/test_sessions.py::test_every_form_without_a_token_or_from_elsewhere_is_refused
    web/accounts/test_sessions.py::test_what_pages_of_others_may_ask_reads_no_cookie_and_gives_none
    web/practitioners/test_confirming.py::test_another_site_s_form_is_refused_all_the_same
    web/visitors/test_reporting.py::test_a_form_from_another_site_is_refused
3.5.3 looking changes nothing
    security/test_browsers.py::test_looking_at_every_page_as_everybody_writes_nothing
3.7.2 nobody is led to another site
    web/accounts/test_sign_in.py::test_signing_in_leads_nowhere_else
    security/test_browsers.py::test_no_page_but_the_api_lets_another_origin_read_it
# 4 Requests
4.1.3,15.3.4 a forged host or client address changes nothing
    web/accounts/test_sign_in.py::test_a_forged_host_does_not_change_the_link_in_the_mail
    web/site/test_proxies.py::test_anybody_else_is_not
4.2.1 request smuggling
    security/test_services.py::test_a_message_that_ends_in_two_places_ends_the_connection
    security/test_services.py::test_a_chunk_that_can_be_read_in_two_ways_carries_no_second_request
    security/test_services.py::test_a_length_hides_no_second_request
    security/test_services.py::test_what_is_no_request_is_refused
4.3.1,15.2.2 no search takes long
    security/test_services.py::test_the_worst_that_fits_into_the_box_is_answered_at_once
    security/test_services.py::test_more_than_fits_into_the_box_is_refused
    usecases/visitors/test_searching.py::test_whatever_is_typed_gives_an_answer_or_one_clear_message
# 5 Files
5.2.1-3 files of a wrong size or kind are refused
    unit/test_photos.py::test_a_picture_of_another_kind_is_refused_whatever_it_is_called
    unit/test_photos.py::test_what_hangs_on_behind_a_picture_is_left_behind
    unit/test_photos.py::test_too_many_bytes_are_refused_before_anything_reads_them
    web/practitioners/test_portraits.py::test_more_than_any_photo_is_413_with_the_page_and_the_reason
    security/test_files.py::test_what_unpacks_to_more_than_it_is_stays_packed
5.2.6 an image of too many pixels is refused from its header
    unit/test_photos.py::test_a_pixel_bomb_is_refused_from_its_header_without_memory
5.3.2,5.4.1 the name of a file is never a path
    security/test_files.py::test_a_file_is_kept_under_a_name_of_our_own_whatever_it_is_called
    web/practitioners/test_portraits.py::test_a_path_that_is_no_photo_is_not_there
    unit/test_photos.py::test_an_id_that_is_none_finds_and_removes_nothing
14.2.8 a photo tells nothing but its pixels
    unit/test_photos.py::test_position_author_profile_and_comment_are_dropped
# 6, 7 Signing in
6.2.x long passwords are welcome, common ones are not
    web/accounts/test_sign_in.py::test_a_weak_password_is_refused_with_advice
    web/accounts/test_sign_in.py::test_long_and_unrelated_words_are_welcome
6.3.1 who guesses is held up and the owner is not
    web/accounts/test_silence.py::test_who_guesses_is_held_up_and_the_owner_is_not
    web/accounts/test_silence.py::test_an_account_under_attack_asks_for_a_proof_and_not_for_patience
    security/test_codes.py::test_wrong_codes_are_counted_by_account_from_however_many_addresses
    security/test_codes.py::test_whoever_has_password_and_device_comes_in_right_after_ten_wrong_codes
    security/test_codes.py::test_a_new_password_by_mail_ends_the_pause_and_shuts_out_whoever_guessed
6.3.3 whoever has a role needs a second factor
    web/accounts/test_roles.py::test_staff_without_a_second_factor_is_told_to_set_one_up
    house/test_guards.py::test_everybody_is_told_what_the_guard_of_a_route_says
    security/test_codes.py::test_beside_a_password_a_passkey_is_asked_for
6.3.8 nothing tells whether an address has an account
    web/accounts/test_silence.py::test_known_and_unknown_addresses_get_the_same_bytes_and_the_same_work
    web/accounts/test_silence.py::test_the_right_password_of_an_unconfirmed_or_disabled_account_says_no_more
6.4.1,6.4.3 a reset link works once, for an hour, and not past the second factor
    web/accounts/test_sign_in.py::test_a_reset_link_works_once_and_signs_everybody_out
    web/accounts/test_sign_in.py::test_an_old_reset_link_opens_nothing
    web/accounts/test_factors.py::test_a_new_password_by_mail_does_not_get_past_the_second_factor
6.4.4 a lost second factor is forgotten for its owner alone
    security/test_codes.py::test_an_admins_reset_needs_the_mail_and_the_password_and_is_audited_and_told
    security/test_codes.py::test_a_newer_offer_a_forged_one_and_an_old_one_open_nothing
    security/test_codes.py::test_the_last_admin_without_phone_and_codes_comes_back_by_the_terminal
6.x nobody lies in wait in an account that its owner takes over later
    security/test_ways_in.py::test_every_way_in_from_every_state_leads_to_the_owner_alone
    security/test_pre_hijacking.py::test_merged_account_a_password_that_a_stranger_typed_never_opens_it
    security/test_pre_hijacking.py::test_unexpired_session_a_browser_that_was_signed_in_is_out_after_the_proof
    security/test_pre_hijacking.py::test_trojan_identifier_factor_codes_and_passkeys_go_with_the_proof
    security/test_pre_hijacking.py::test_unexpired_email_change_a_link_from_before_a_new_password_is_void
6.5.1,6.5.5 a one-time code opens once
    web/accounts/test_factors.py::test_codes_are_asked_for_and_each_opens_once
    web/accounts/test_factors.py::test_a_recovery_code_opens_once_however_it_is_typed
7.2.4 a cookie from before signing in is worth nothing after
    web/accounts/test_sessions.py::test_a_cookie_from_before_signing_in_is_worth_nothing_after
7.3,7.4 sign-ins end
    web/accounts/test_sessions.py::test_a_sign_in_ends_when_it_idles_and_when_it_is_old
    web/accounts/test_sessions.py::test_after_signing_out_the_old_cookie_is_dead
    web/accounts/test_sessions.py::test_a_disabled_account_is_out_at_the_next_request
    web/accounts/test_sign_in.py::test_a_reset_link_works_once_and_signs_everybody_out
7.5.1 what matters asks for the password again
    web/accounts/test_sign_in.py::test_a_new_address_needs_the_password_again_and_both_addresses_are_told
    web/accounts/test_factors.py::test_switching_it_off_needs_the_password_again_and_is_told
# 8 Who may do what
8.2.1 every role may do what its guard says
    house/test_guards.py::test_every_route_has_a_guard_that_has_business_there
    house/test_guards.py::test_everybody_is_told_what_the_guard_of_a_route_says
    house/test_guards.py::test_a_new_route_fails_until_its_guard_is_decided
    web/curation/test_desk.py::test_a_reviewer_is_told_of_no_account_and_no_import
    usecases/curation/test_finding.py::test_nobody_else_finds_anything
8.2.2 what belongs to another is not there
    security/test_authorization.py::test_of_the_listing_of_another_nothing_is_there_and_nothing_can_be_done
    security/test_authorization.py::test_its_keeper_finds_those_same_addresses
    web/accounts/test_sessions.py::test_one_browser_is_signed_out_from_another
    web/practitioners/test_portraits.py::test_before_it_is_public_a_photo_is_there_for_its_keeper_and_admins_alone
    usecases/practitioners/test_for_owners.py::test_admins_never_see_what_the_owner_is_writing_and_it_outlives_their_change
    usecases/practitioners/test_for_owners.py::test_an_admin_who_opened_it_can_do_nothing_else_that_is_its_owners
    usecases/practitioners/test_for_owners.py::test_leave_to_publish_is_the_owners_alone_to_give
    web/curation/test_for_owner.py::test_it_ends_with_a_button_with_time_and_with_the_right_to_it
    web/curation/test_listing_desk.py::test_no_mail_shows_what_opens_a_door_nor_whose_mailbox_a_reporter_has
8.2.3,15.3.3 a form reaches nothing beyond its boxes
    security/test_authorization.py::test_what_a_form_says_beyond_its_boxes_changes_nothing
    web/accounts/test_sign_in.py::test_sign_up_takes_an_address_and_nothing_else
    unit/test_draft_schema.py::test_fields_that_are_not_ours_to_set_are_refused
15.3.1 the API tells what its contract names and no more
    api/test_search.py::test_a_result_says_what_the_contract_promises_and_no_more
    api/test_listings.py::test_a_listing_tells_what_its_page_tells_and_no_more
    api/test_listings.py::test_a_listing_that_is_not_live_is_not_found
8.3.2 a role that was taken away is gone at the next request
    web/accounts/test_roles.py::test_demoting_takes_effect_at_the_next_request
# 11 Secrets
11.4.2 passwords are hashed with Argon2id
    web/accounts/test_sign_in.py::test_sign_up_takes_an_address_and_nothing_else
11.5.1 secrets are long and thrown by the system
    security/test_source.py::test_no_secret_is_thrown_with_loose_dice
    web/accounts/test_sessions.py::test_a_second_sign_in_gets_a_key_of_its_own
    usecases/practitioners/test_helping.py::test_the_link_is_long_and_the_table_does_not_hold_it
# 13 What is served
13.2.4 the machine lets nothing out but mail and database
13.4.x nothing is served but the site
    security/test_exposure.py::test_what_lies_beside_the_site_is_not_there
    security/test_exposure.py::test_methods_that_nobody_needs_are_refused_and_echo_nothing
    security/test_exposure.py::test_no_answer_names_the_programs_that_made_it
    web/site/test_metrics.py::test_a_deployed_site_without_a_token_has_none_even_for_loopback
    web/site/test_metrics.py::test_with_a_token_whoever_sends_it_may_read_them_and_nobody_else
# 14, 15 Data, and what we build on
14.2.1 whoever wants it searches with no word in an address
    web/visitors/test_asking.py::test_both_ways_of_asking_find_the_same_and_lead_on_alike
    web/visitors/test_asking.py::test_no_address_on_the_page_holds_what_was_asked
14.2.3 no page asks anything of another site
    web/visitors/test_pages.py::test_no_page_sets_a_cookie_or_loads_anything_from_elsewhere
    browser/test_privacy.py::test_using_the_search_stores_nothing_either
14.3.2-3 what is somebody's own is kept by no cache and no history
    house/test_guards.py::test_nothing_keeps_what_is_somebodys_own
    house/test_guards.py::test_nothing_keeps_what_staff_are_told
    security/test_browsers.py::test_results_never_enter_the_history_that_a_script_keeps
14.2.2 nobody poisons a cache
    security/test_browsers.py::test_what_a_cache_may_keep_is_the_same_whatever_else_is_sent_along
    security/test_browsers.py::test_what_a_cache_may_keep_sets_no_cookie_and_parts_differ_by_name
    web/visitors/test_pages.py::test_results_are_kept_out_of_caches_and_search_engines
14.2.7 people get all of their data, and erasure leaves nothing
    usecases/accounts/test_erasing.py::test_an_export_holds_a_row_of_every_table_that_erasure_touches
    usecases/accounts/test_erasing.py::test_nothing_of_an_erased_account_is_left_anywhere
15.1.2,15.2.1 what we install is what we tested
    house/test_repository.py::test_every_locked_package_has_its_hashes_and_names_no_host
    house/test_repository.py::test_what_runs_is_the_same_where_it_is_tested
15.3.7 a parameter that comes twice is refused
    api/test_bad_input.py::test_what_cannot_be_meant_is_refused_with_the_parameter_named
# 16 Logs and failures
16.2.5 no log holds a visitor's word or address
    house/test_logs.py::test_no_word_of_a_search_is_logged
    house/test_logs.py::test_a_failure_is_logged_with_its_traceback_and_without_the_words
    journeys/test_served_logs.py::test_no_log_of_gunicorn_or_site_holds_a_visitors_word_or_address
16.3,16.4 nobody rewrites the record of changes, or adds to the log
    usecases/audit/test_chain.py::test_whoever_tampers_is_found_out
    usecases/audit/test_chain.py::test_cutting_chain_and_head_alike_is_found_out_by_an_anchor
    usecases/audit/test_chain.py::test_writing_the_whole_chain_anew_is_found_out_by_an_anchor
    security/test_logs.py::test_a_line_end_in_a_message_begins_no_line
    security/test_logs.py::test_what_a_visitor_sends_begins_no_line_and_draws_nothing_on_a_terminal
16.5 a failure tells nothing and opens nothing
    security/test_browsers.py::test_no_look_of_anybody_is_answered_with_an_error_of_ours
    api/test_bad_input.py::test_a_failure_of_ours_tells_nothing_of_our_insides
    web/visitors/test_pages.py::test_a_mistake_of_ours_is_a_page_without_our_insides
    web/visitors/test_pages.py::test_without_an_index_search_says_so_and_listings_still_work
    journeys/test_empty_sites.py::test_on_a_database_without_tables_the_site_starts_and_says_so
"""


@dataclass(frozen=True)
class Promise:
    """A requirement in our words; `proofs` are tests as `path::name`, of which all are there."""

    number: str
    words: str
    proofs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.number} {self.words}"


def read(table: str) -> tuple[Promise, ...]:
    """The promises of a table, in order."""
    found: list[tuple[str, list[str]]] = []
    for line in table.splitlines():
        if line.startswith(" "):
            found[-1][1].append(f"tests/{line.strip()}")
        elif line and not line.startswith("#"):
            found.append((line, []))
    heads = ((head.partition(" "), proofs) for head, proofs in found)
    return tuple(Promise(number, words, tuple(proofs)) for (number, _, words), proofs in heads)


PROMISES = read(TABLE)
