#include "http/session.hpp"

#include "http/analysis_handler.hpp"
#include "http/exchange.hpp"
#include "http/probes.hpp"
#include "http/problem.hpp"
#include "http/read_head.hpp"
#include "http/respond.hpp"
#include "http/router.hpp"
#include "http/target.hpp"

#include <boost/asio/buffer.hpp>

namespace chartsight {

namespace {

constexpr std::string_view kAllMethods = "GET, HEAD, POST, OPTIONS";

Reply options_reply(std::string_view allow) {
    Reply reply;
    reply.status = 204;
    reply.content_type.clear();
    reply.headers.emplace_back("Allow", allow);
    return reply;
}

/// Routes the request; true if the connection stays open.
net::awaitable<bool> serve_request(std::shared_ptr<Connection> connection, Exchange& exchange,
                                   std::optional<PlaceClaim> claim) {
    auto target = parse_target(exchange.target());
    if (!target) {
        const Next next = co_await respond_with(*connection, exchange, target.error());
        co_return next == Next::read_on;
    }
    const auto match = match_route(target->path);
    const std::string_view allow = match ? match->allow : kAllMethods;
    if (exchange.method() == "OPTIONS" && (match || target->path == "*")) {
        const Next next = co_await respond(*connection, exchange, options_reply(allow));
        co_return next == Next::read_on;
    }
    if (!match) {
        Error error{Errc::not_found, "no such path; POST an image to /v1/analyses, /analyze or /upload"};
        const Next next = co_await respond_with(*connection, exchange, std::move(error));
        co_return next == Next::read_on;
    }
    if (!is_allowed(exchange.method(), allow)) {
        Reply reply = problem_reply(Error{Errc::method_not_allowed, "allowed: " + std::string(allow)},
                                    exchange.id.to_string());
        reply.headers.emplace_back("Allow", allow);
        const Next next = co_await respond(*connection, exchange, std::move(reply));
        co_return next == Next::read_on;
    }
    if (match->route == Route::analyses) {
        const bool stays = co_await serve_analysis(connection, exchange, std::move(*target), claim);
        co_return stays;
    }
    const Next next = co_await respond(*connection, exchange, probe_reply(match->route, connection->service));
    co_return next == Next::read_on;
}

}  // namespace

net::awaitable<void> run_session(std::shared_ptr<Connection> connection, std::optional<Handover> handover) {
    Service& service = connection->service;
    if (handover) {
        const auto space = connection->buffer.prepare(handover->bytes.size());
        connection->buffer.commit(net::buffer_copy(space, net::buffer(handover->bytes)));
    }
    for (bool open = true; open;) {
        Exchange exchange;
        const HeadResult head = co_await read_head(*connection, exchange);
        connection->settle();
        if (head.kind == HeadResult::closed) co_return;

        exchange.id = RequestId(handover ? handover->request_number : ++service.request_numbers);
        std::optional<PlaceClaim> claim;
        if (handover) {
            exchange.received = handover->received;
            claim = handover->claim;
            handover.reset();
        }
        if (head.kind == HeadResult::faulty) {
            exchange.must_close = true;
            co_await respond_with(*connection, exchange, head.error);
            co_return;
        }
        open = co_await serve_request(connection, exchange, claim);
        connection->phase = Connection::Phase::idle;
    }
}

}  // namespace chartsight
