#include "http/respond.hpp"

#include "http/access_log.hpp"
#include "http/http_date.hpp"
#include "http/linger.hpp"
#include "http/problem.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

namespace chartsight {

namespace {

double ms(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

std::string server_timing(const Exchange& exchange) {
    const auto& times = exchange.times;
    return fmt::format(
        "queue;dur={:.1f}, receive;dur={:.1f}, check;dur={:.1f}, decode;dur={:.1f}, upstream;dur={:.1f}, "
        "total;dur={:.1f}",
        ms(times.queue), ms(times.receive), ms(times.check), ms(times.decode), ms(times.upstream),
        ms(elapsed(exchange.received)));
}

http::response<http::string_body> make_response(const Exchange& exchange, Reply&& reply, bool keep_alive) {
    http::response<http::string_body> response(static_cast<http::status>(reply.status),
                                               exchange.request().version() == 10 ? 10 : 11);
    response.set(http::field::server, "chartsight");
    response.set(http::field::date, http_date_now());
    if (!reply.content_type.empty()) response.set(http::field::content_type, reply.content_type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("X-Request-ID", exchange.id.to_string());
    if (!exchange.correlation_id.empty()) response.set("X-Correlation-ID", exchange.correlation_id);
    response.set("Server-Timing", server_timing(exchange));
    for (const auto& [name, value] : reply.headers) response.set(name, value);
    response.keep_alive(keep_alive);
    const auto size = reply.body.size();
    if (exchange.method() != "HEAD") response.body() = std::move(reply.body);
    if (reply.status != 204) response.content_length(size);
    return response;
}

}  // namespace

net::awaitable<Next> respond(Connection& connection, Exchange& exchange, Reply reply) {
    const bool body_unread = !exchange.parser.is_done();
    const bool keep_alive = !body_unread && !exchange.must_close && exchange.request().keep_alive() &&
                            !connection.service.draining;
    const AccessRecord record{reply.status, reply.body.size(), reply.error_code};

    auto response = make_response(exchange, std::move(reply), keep_alive);
    http::response_serializer<http::string_body> serializer(response);
    boost::system::error_code error;
    while (!error && !serializer.is_done()) {
        connection.limit_io(Clock::now() + connection.service.options.write_timeout);
        co_await http::async_write_some(connection.socket, serializer,
                                        net::redirect_error(net::use_awaitable, error));
    }
    write_access_log(exchange, record, error ? "client_gone" : "");
    if (error) co_return Next::close;
    if (keep_alive) {
        connection.buffer.consume(exchange.header_bytes);
        exchange.header_bytes = 0;
        co_return Next::read_on;
    }
    co_await close_gently(connection);
    co_return Next::close;
}

net::awaitable<Next> respond_with(Connection& connection, Exchange& exchange, Error error) {
    Reply reply = problem_reply(error, exchange.id.to_string());
    const Next next = co_await respond(connection, exchange, std::move(reply));
    co_return next;
}

net::awaitable<bool> write_continue(Connection& connection) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    const net::const_buffer bytes(kContinue.data(), kContinue.size());
    connection.limit_io(Clock::now() + connection.service.options.write_timeout);
    boost::system::error_code error;
    co_await net::async_write(connection.socket, bytes, net::redirect_error(net::use_awaitable, error));
    co_return !error;
}

}  // namespace chartsight
