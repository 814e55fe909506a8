#include "chartsight/http/server.hpp"

#include "http/connection.hpp"
#include "http/listener.hpp"
#include "http/service.hpp"
#include "http/spawn.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace chartsight {

namespace {

// A connection accepted just before the drain has this long to send its request.
constexpr std::chrono::seconds kFirstRequestGrace{1};

UploadRules upload_rules(const HttpOptions& options) {
    UploadRules rules;
    rules.default_model = options.default_model;
    rules.allowed_models = options.allowed_models;
    rules.allowed_models.insert(rules.allowed_models.begin(), options.default_model);
    rules.default_prompt = options.default_prompt;
    rules.max_prompt_bytes = options.max_prompt_bytes;
    return rules;
}

}  // namespace

struct Server::State {
    State(net::io_context& context, int listening_socket, const ServerParts& parts)
        : io(context),
          acceptor(context, tcp::v4(), listening_socket),
          handover(context.get_executor(), parts.handover, parts.admission.self()),
          grace(context),
          service{parts.options, parts.admission, parts.board,           parts.analyzer,
                  parts.calls,   handover,        parts.request_numbers, upload_rules(parts.options)} {}

    /// Ends its read: the session takes that for a connection that has closed.
    static void cancel(Connection& connection) {
        boost::system::error_code ignored;
        connection.socket.cancel(ignored);
    }

    void close_waiting(Connection::Phase phase) {
        for (Connection* connection : service.connections) {
            if (connection->phase == phase && connection->buffer.size() == 0) cancel(*connection);
        }
    }

    net::io_context& io;
    tcp::acceptor acceptor;
    HandoverPort handover;
    net::steady_timer grace;
    Service service;
};

Server::Server(net::io_context& io, int listening_socket, const ServerParts& parts)
    : state_(std::make_unique<State>(io, listening_socket, parts)) {
    state_->service.on_connection_closed = [] {};
}

Server::~Server() = default;

void Server::start() {
    spawn(state_->io.get_executor(), run_listener(state_->acceptor, state_->service), "listener");
    spawn(state_->io.get_executor(), run_handovers(state_->io.get_executor(), state_->service), "handovers");
}

void Server::drain(std::function<void()> on_drained) {
    State& state = *state_;
    if (std::exchange(state.service.draining, true)) return;
    accept_backlog(state.acceptor, state.service);
    boost::system::error_code ignored;
    state.acceptor.close(ignored);

    state.service.on_connection_closed = [&state, on_drained = std::move(on_drained)] {
        if (state.service.connections.empty()) on_drained();
    };
    state.close_waiting(Connection::Phase::idle);
    if (state.service.connections.empty()) {
        state.service.on_connection_closed();
        return;
    }
    state.grace.expires_after(kFirstRequestGrace);
    state.grace.async_wait([&state](const boost::system::error_code& error) {
        if (!error) state.close_waiting(Connection::Phase::fresh);
        state.service.on_connection_closed();
    });
}

std::size_t Server::connections() const {
    return state_->service.connections.size();
}

}  // namespace chartsight
