#include "chartsight/base/error.hpp"

namespace chartsight {

std::string_view name_of(Errc code) {
    switch (code) {
        case Errc::bad_request: return "bad_request";
        case Errc::invalid_multipart: return "invalid_multipart";
        case Errc::missing_image: return "missing_image";
        case Errc::invalid_option: return "invalid_option";
        case Errc::not_found: return "not_found";
        case Errc::method_not_allowed: return "method_not_allowed";
        case Errc::request_timeout: return "request_timeout";
        case Errc::length_required: return "length_required";
        case Errc::payload_too_large: return "payload_too_large";
        case Errc::target_too_long: return "target_too_long";
        case Errc::unsupported_image: return "unsupported_image";
        case Errc::expectation_failed: return "expectation_failed";
        case Errc::broken_image: return "broken_image";
        case Errc::headers_too_large: return "headers_too_large";
        case Errc::upstream_quota: return "upstream_quota";
        case Errc::client_gone: return "client_gone";
        case Errc::cancelled: return "cancelled";
        case Errc::internal: return "internal";
        case Errc::upstream_rejected: return "upstream_rejected";
        case Errc::upstream_blocked: return "upstream_blocked";
        case Errc::upstream_invalid: return "upstream_invalid";
        case Errc::upstream_unreachable: return "upstream_unreachable";
        case Errc::upstream_unavailable: return "upstream_unavailable";
        case Errc::overloaded: return "overloaded";
        case Errc::queue_timeout: return "queue_timeout";
        case Errc::deadline_exceeded: return "deadline_exceeded";
        case Errc::version_unsupported: return "version_unsupported";
    }
    return "internal";
}

}  // namespace chartsight
