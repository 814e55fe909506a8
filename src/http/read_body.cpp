#include "http/read_body.hpp"

#include "http/respond.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/read.hpp>
#include <fmt/format.h>

namespace chartsight {

namespace {

Error describe(const boost::system::error_code& error, const HttpOptions& options) {
    if (error == http::error::body_limit) {
        return {Errc::payload_too_large,
                fmt::format("the body is larger than MAX_UPLOAD_BYTES, {}", options.max_upload_bytes)};
    }
    // Beast's own errors are about what was sent, all others about the connection.
    const bool malformed = error.category() == http::make_error_code(http::error::bad_chunk).category() &&
                           error != http::error::partial_message && error != http::error::end_of_stream;
    if (malformed) return {Errc::bad_request, "the body is not valid HTTP: " + error.message()};
    return {Errc::client_gone, "the client left while sending"};
}

}  // namespace

net::awaitable<Result<void>> read_body(Connection& connection, Exchange& exchange, Deadline deadline) {
    const HttpOptions& options = connection.service.options;
    connection.buffer.consume(exchange.header_bytes);
    exchange.header_bytes = 0;
    exchange.parser.body_limit(options.max_upload_bytes);

    const bool more_to_come = !exchange.parser.is_done() && connection.buffer.size() == 0;
    if (more_to_come && exchange.header(http::field::expect) != "") {
        const bool written = co_await write_continue(connection);
        if (!written) co_return fail(Errc::client_gone, "the client left before sending");
    }
    boost::system::error_code error;
    while (!exchange.parser.is_done()) {
        connection.limit_io(deadline.sooner(options.body_timeout).when());
        co_await http::async_read_some(connection.socket, connection.buffer, exchange.parser,
                                       net::redirect_error(net::use_awaitable, error));
        if (error && connection.timed_out()) {
            co_return fail(Errc::request_timeout, "no byte of the body came within BODY_TIMEOUT");
        }
        if (error) co_return std::unexpected(describe(error, options));
    }
    connection.lift_limit();
    connection.buffer.shrink_to_fit();
    co_return Result<void>();
}

}  // namespace chartsight
