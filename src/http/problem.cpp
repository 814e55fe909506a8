#include "http/problem.hpp"

#include <nlohmann/json.hpp>

namespace chartsight {

namespace {

struct Row {
    unsigned status;
    const char* title;
};

Row row_of(Errc code) {
    switch (code) {
        case Errc::bad_request: return {400, "Bad request"};
        case Errc::invalid_multipart: return {400, "The multipart body cannot be read"};
        case Errc::missing_image: return {400, "No image in the request"};
        case Errc::invalid_option: return {400, "An option has a value that is not allowed"};
        case Errc::not_found: return {404, "No such resource"};
        case Errc::method_not_allowed: return {405, "Method not allowed"};
        case Errc::request_timeout: return {408, "The request took too long to arrive"};
        case Errc::length_required: return {411, "A body is required"};
        case Errc::payload_too_large: return {413, "The body is too large"};
        case Errc::target_too_long: return {414, "The request target is too long"};
        case Errc::unsupported_image: return {415, "Not an image that is read here"};
        case Errc::expectation_failed: return {417, "Expectation failed"};
        case Errc::broken_image: return {422, "The image is damaged or over a limit"};
        case Errc::headers_too_large: return {431, "The request header is too large"};
        case Errc::upstream_quota: return {429, "Gemini's quota is used up"};
        case Errc::client_gone: return {499, "The client closed the connection"};
        case Errc::cancelled: return {503, "Stopped"};
        case Errc::internal: return {500, "Internal error"};
        case Errc::upstream_rejected: return {502, "Gemini refused the request"};
        case Errc::upstream_blocked: return {502, "Gemini blocked the request or its answer"};
        case Errc::upstream_invalid: return {502, "Gemini gave no usable answer"};
        case Errc::upstream_unreachable: return {502, "Gemini could not be reached"};
        case Errc::upstream_unavailable: return {503, "Gemini is not available"};
        case Errc::overloaded: return {503, "The server is full"};
        case Errc::queue_timeout: return {503, "No place came free in time"};
        case Errc::deadline_exceeded: return {504, "The deadline passed"};
        case Errc::version_unsupported: return {505, "HTTP version not supported"};
    }
    return {500, "Internal error"};
}

}  // namespace

unsigned status_of(Errc code) {
    return row_of(code).status;
}

Reply problem_reply(const Error& error, const std::string& request_id) {
    const Row row = row_of(error.code);
    nlohmann::ordered_json problem{{"type", "about:blank"},       {"title", row.title},
                                   {"status", row.status},        {"detail", error.detail},
                                   {"code", name_of(error.code)}, {"request_id", request_id}};
    Reply reply;
    reply.status = row.status;
    reply.content_type = "application/problem+json";
    reply.body = problem.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    reply.error_code = name_of(error.code);
    // RFC 9110: a client that was told 503 without it has to guess.
    auto retry_after = error.retry_after;
    if (!retry_after && row.status == 503) retry_after = std::chrono::seconds(1);
    if (retry_after) reply.headers.emplace_back("Retry-After", std::to_string(retry_after->count()));
    return reply;
}

}  // namespace chartsight
