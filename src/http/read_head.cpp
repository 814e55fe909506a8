#include "http/read_head.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <string_view>

namespace chartsight {

namespace {

// Small, so that little of a body is read before its request is admitted.
constexpr std::size_t kReadBytes = 4096;
constexpr std::size_t kMaxCorrelationId = 64;

bool is_token_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

Error describe(const boost::system::error_code& error, const HttpOptions& options) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return {Errc::headers_too_large, "the request header is larger than MAX_HEADER_BYTES, " +
                                             std::to_string(options.max_header_bytes)};
    }
    if (error == http::error::bad_version)
        return {Errc::version_unsupported, "allowed: HTTP/1.0 and HTTP/1.1"};
    return {Errc::bad_request, "the request is not valid HTTP: " + error.message()};
}

bool is_host_char(char c) {
    return is_token_char(c) || std::string_view("~!$&'()*+;=%:[]").find(c) != std::string_view::npos;
}

/// Only the one form every server and proxy reads alike: whatever leaves a doubt where the body ends is a way
/// to smuggle a request past a front end.
std::optional<Error> framing_fault(const Exchange& exchange) {
    const auto& request = exchange.request();
    const auto codings = request.count(http::field::transfer_encoding);
    if (codings == 0) return std::nullopt;
    if (request.version() < 11)
        return Error(Errc::bad_request, "Transfer-Encoding is not allowed in HTTP/1.0");
    if (codings > 1 || !beast::iequals(request[http::field::transfer_encoding], "chunked") ||
        !exchange.parser.chunked()) {
        return Error(Errc::bad_request, "Transfer-Encoding: allowed: chunked");
    }
    if (request.count(http::field::content_length) > 0) {
        return Error(Errc::bad_request, "Content-Length and Transfer-Encoding exclude each other");
    }
    return std::nullopt;
}

/// What RFC 9112 demands of a header and Beast leaves to its user; nothing if all is well.
std::optional<Error> fault_of(const Exchange& exchange) {
    const auto& request = exchange.request();
    const auto hosts = request.count(http::field::host);
    if (hosts > 1) return Error(Errc::bad_request, "there is more than one Host header");
    if (hosts == 0 && request.version() >= 11) return Error(Errc::bad_request, "the Host header is missing");
    if (!std::ranges::all_of(exchange.header(http::field::host), is_host_char)) {
        return Error(Errc::bad_request, "the Host header is not a host with an optional port");
    }
    return framing_fault(exchange);
}

/// RFC 9112 2.2: some clients send an empty line after a body; it belongs to no request. One is skipped, for
/// a sender of nothing else must not be taken for one that is about to send a request.
void skip_empty_line(beast::flat_buffer& buffer) {
    const auto bytes = buffer.cdata();
    const std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
    if (text.starts_with("\r\n")) buffer.consume(2);
}

void take_correlation_id(Exchange& exchange) {
    const auto value = exchange.request()["X-Request-ID"];
    const std::string_view id(value.data(), value.size());
    if (!id.empty() && id.size() <= kMaxCorrelationId && std::ranges::all_of(id, is_token_char)) {
        exchange.correlation_id = id;
    }
}

}  // namespace

net::awaitable<HeadResult> read_head(Connection& connection, Exchange& exchange) {
    const HttpOptions& options = connection.service.options;
    exchange.parser.header_limit(options.max_header_bytes);
    // The limit of the body is checked by the handler, once it is known that there is one.
    exchange.parser.body_limit(boost::none);

    std::optional<Deadline> header_deadline;
    bool may_begin_with_empty_line = true;
    boost::system::error_code error;
    for (;;) {
        if (may_begin_with_empty_line && connection.buffer.size() >= 2) {
            may_begin_with_empty_line = false;
            skip_empty_line(connection.buffer);
        }
        const auto unread = connection.buffer.cdata() + exchange.header_bytes;
        if (unread.size() > 0) {
            exchange.header_bytes += exchange.parser.put(unread, error);
            if (exchange.parser.is_header_done()) break;
            if (error && error != http::error::need_more) {
                co_return HeadResult(describe(error, options));
            }
        }
        const bool begun = connection.buffer.size() > 0;
        if (begun && !header_deadline) {
            header_deadline = Deadline::after(options.header_timeout);
            exchange.received = Clock::now();
        }
        if (!begun && connection.service.draining && connection.phase == Connection::Phase::idle) {
            co_return HeadResult(HeadResult::closed);
        }
        connection.limit_io(begun ? header_deadline->when() : Clock::now() + options.idle_timeout);
        auto space = connection.buffer.prepare(kReadBytes);
        const std::size_t n =
            co_await connection.socket.async_read_some(space, net::redirect_error(net::use_awaitable, error));
        connection.buffer.commit(n);
        if (error && connection.timed_out() && begun) {
            co_return HeadResult(
                Error(Errc::request_timeout, "the request header was not complete within HEADER_TIMEOUT"));
        }
        if (error) co_return HeadResult(HeadResult::closed);
    }
    connection.lift_limit();
    connection.phase = Connection::Phase::busy;
    take_correlation_id(exchange);
    if (auto fault = fault_of(exchange)) co_return HeadResult(std::move(*fault));
    co_return HeadResult(HeadResult::complete);
}

}  // namespace chartsight
