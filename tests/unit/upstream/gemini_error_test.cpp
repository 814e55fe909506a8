#include "upstream/gemini_error.hpp"

#include "error_case.hpp"

namespace chartsight {
namespace {

using namespace test;
using std::chrono::seconds;

std::string with_reason(int code, const std::string& status, const std::string& message,
                        const std::string& reason) {
    return envelope(code, status, message,
                    {detail("Help", Json::object()), detail("ErrorInfo", {{"reason", reason}})});
}

struct Case {
    int status;
    std::string body;
    Errc code;
    std::string detail;
};

void expect_each(const std::vector<Case>& cases) {
    for (const Case& c : cases) expect_error(parse_answer(c.status, c.body, std::nullopt), c.code, c.detail);
}

TEST(GeminiError, NamesWhatWasRejected) {
    const Errc code = Errc::upstream_rejected;
    expect_each({
        {400, envelope(400, "INVALID_ARGUMENT", "Unable to process input image."), code,
         "Gemini answered 400 INVALID_ARGUMENT: Unable to process input image."},
        {400, envelope(400, "FAILED_PRECONDITION", "User location is not supported for the API use."), code,
         "Gemini answered 400 FAILED_PRECONDITION: User location is not supported for the API use."},
        {400, envelope(400, "INVALID_ARGUMENT", "JSON mode is not enabled for models/m"), code,
         "Gemini answered 400 INVALID_ARGUMENT: JSON mode is not enabled for models/m"},
        {404, envelope(404, "NOT_FOUND", "models/foo is not found"), code,
         "Gemini does not offer this model; Gemini answered 404 NOT_FOUND: models/foo is not found"},
        {402, envelope(402, "RESOURCE_EXHAUSTED", "Your prepayment credits are gone."), code,
         "Gemini's prepaid credit is used up; Gemini answered 402 RESOURCE_EXHAUSTED: "
         "Your prepayment credits are gone."},
        {403, envelope(403, "PERMISSION_DENIED", "You may not use file abc"), code,
         "Gemini answered 403 PERMISSION_DENIED: You may not use file abc"},
        {409, envelope(409, "ABORTED", "try later"), code, "Gemini answered 409 ABORTED: try later"},
        {418, "short and stout", code, "Gemini answered 418: short and stout"},
    });
}

TEST(GeminiError, NamesARequestThatIsTooLarge) {
    const Errc code = Errc::upstream_rejected;
    const std::string cause = "the request is too large for Gemini; Gemini answered ";
    expect_each({
        {413, "<html>Request Entity Too Large</html>", code,
         cause + "413: <html>Request Entity Too Large</html>"},
        {413, "", code, cause + "413"},
        {400, envelope(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 1 bytes."), code,
         cause + "400 INVALID_ARGUMENT: Request payload size exceeds the limit: 1 bytes."},
        {400, envelope(400, "INVALID_ARGUMENT", "The input token count (2) exceeds the maximum (1)."), code,
         cause + "400 INVALID_ARGUMENT: The input token count (2) exceeds the maximum (1)."},
    });
}

TEST(GeminiError, NamesARefusedKey) {
    struct Row {
        int status;
        std::string body;
        std::string reason;
    };
    for (const Row& row : {
             Row{400, with_reason(400, "INVALID_ARGUMENT", "API key not valid.", "API_KEY_INVALID"),
                 "API_KEY_INVALID"},
             Row{400, with_reason(400, "INVALID_ARGUMENT", "API key expired.", "API_KEY_INVALID"),
                 "API_KEY_INVALID"},
             Row{400, envelope(400, "INVALID_ARGUMENT", "API key not valid. Please"), "INVALID_ARGUMENT"},
             Row{401, with_reason(401, "UNAUTHENTICATED", "m", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
                 "ACCESS_TOKEN_TYPE_UNSUPPORTED"},
             Row{401, with_reason(401, "UNAUTHENTICATED", "m", "CREDENTIALS_MISSING"), "CREDENTIALS_MISSING"},
             Row{401, envelope(401, "UNAUTHENTICATED", "m"), "UNAUTHENTICATED"},
             Row{403, with_reason(403, "PERMISSION_DENIED", "m", "API_KEY_SERVICE_BLOCKED"),
                 "API_KEY_SERVICE_BLOCKED"},
             Row{403, with_reason(403, "PERMISSION_DENIED", "m", "API_KEY_HTTP_REFERRER_BLOCKED"),
                 "API_KEY_HTTP_REFERRER_BLOCKED"},
             Row{403, with_reason(403, "PERMISSION_DENIED", "m", "API_KEY_IP_ADDRESS_BLOCKED"),
                 "API_KEY_IP_ADDRESS_BLOCKED"},
             Row{403, with_reason(403, "PERMISSION_DENIED", "m", "SERVICE_DISABLED"), "SERVICE_DISABLED"},
             Row{403, with_reason(403, "PERMISSION_DENIED", "m", "CONSUMER_SUSPENDED"), "CONSUMER_SUSPENDED"},
             Row{403, envelope(403, "PERMISSION_DENIED", "Your API key was reported as leaked."),
                 "PERMISSION_DENIED"},
             Row{403, envelope(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers"),
                 "PERMISSION_DENIED"},
         }) {
        const auto answer = parse_answer(row.status, row.body, seconds(5));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, Errc::upstream_rejected);
        EXPECT_TRUE(answer.error().detail.starts_with("Gemini refused the API key (" + row.reason +
                                                      "); Gemini answered"))
            << answer.error().detail;
        EXPECT_FALSE(answer.error().retry_after);
    }
    expect_each({{401, "", Errc::upstream_rejected, "Gemini refused the API key; Gemini answered 401"}});
}

TEST(GeminiError, TellsAnUnavailableServiceFromARefusal) {
    const Errc code = Errc::upstream_unavailable;
    expect_each({
        {408, "<p>Request Timeout", code, "Gemini answered 408: <p>Request Timeout"},
        {499, envelope(499, "CANCELLED", "cancelled."), code, "Gemini answered 499 CANCELLED: cancelled."},
        {500, envelope(500, "INTERNAL", "An internal error."), code,
         "Gemini answered 500 INTERNAL: An internal error."},
        {501, envelope(501, "UNIMPLEMENTED", "no"), code, "Gemini answered 501 UNIMPLEMENTED: no"},
        {502, "<html>\n<title>Bad Gateway</title>", code,
         "Gemini answered 502: <html> <title>Bad Gateway</title>"},
        {503, envelope(503, "UNAVAILABLE", "overloaded"), code,
         "Gemini answered 503 UNAVAILABLE: overloaded"},
        {503, "[" + envelope(503, "UNAVAILABLE", "in an array") + "]", code,
         "Gemini answered 503 UNAVAILABLE: in an array"},
        {504, envelope(504, "DEADLINE_EXCEEDED", "Deadline expired."), Errc::deadline_exceeded,
         "Gemini answered 504 DEADLINE_EXCEEDED: Deadline expired."},
        {302, "", Errc::upstream_invalid, "Gemini answered 302"},
        {0, "", Errc::upstream_invalid, "Gemini answered 0"},
        {999, "", Errc::upstream_invalid, "Gemini answered 999"},
    });
}

TEST(GeminiError, SurvivesEnvelopesOfWrongTypes) {
    expect_each({
        {500, R"({"error":"text"})", Errc::upstream_unavailable, "Gemini answered 500: text"},
        {500, R"({"error":null})", Errc::upstream_unavailable, "Gemini answered 500"},
        {500, R"({"error":[1]})", Errc::upstream_unavailable, "Gemini answered 500"},
        {500, R"({"error":{"code":"x","message":5,"status":{},"details":{}}})", Errc::upstream_unavailable,
         "Gemini answered 500"},
        {500,
         R"({"error":{"details":[1,null,{"@type":5},{"violations":[5]},
            {"@type":".QuotaFailure","violations":[5]},
            {"@type":".RetryInfo","retryDelay":7},{"@type":".ErrorInfo","reason":[]}]}})",
         Errc::upstream_unavailable, "Gemini answered 500"},
        {500, "{}", Errc::upstream_unavailable, "Gemini answered 500: {}"},
        {500, "[]", Errc::upstream_unavailable, "Gemini answered 500: []"},
    });
}

TEST(GeminiError, ShowsNoKeyNoControlCharactersAndNotTooMuch) {
    const std::string long_text(1000, 'x');
    expect_each({
        {400, envelope(400, "INVALID_ARGUMENT", "bad\r\nkey AIzaSyA0123456789abcdefghijklm\x1B"),
         Errc::upstream_rejected, "Gemini answered 400 INVALID_ARGUMENT: bad key [key]"},
        {400, envelope(400, "INVALID_ARGUMENT", long_text), Errc::upstream_rejected,
         "Gemini answered 400 INVALID_ARGUMENT: " + std::string(300, 'x')},
        {400, long_text, Errc::upstream_rejected, "Gemini answered 400: " + std::string(300, 'x')},
    });
}

}  // namespace
}  // namespace chartsight
