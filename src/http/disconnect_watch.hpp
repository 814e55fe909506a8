#pragma once

#include "http/connection.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <stop_token>

namespace chartsight {

/// Requests a stop when the client hangs up while its session waits for something else. Nobody may read from
/// the connection while a watch lives; what a pipelining client sends meanwhile stays in the socket.
class DisconnectWatch {
public:
    explicit DisconnectWatch(const std::shared_ptr<Connection>& connection);
    ~DisconnectWatch();
    DisconnectWatch(const DisconnectWatch&) = delete;
    DisconnectWatch& operator=(const DisconnectWatch&) = delete;

    [[nodiscard]] std::stop_token token() const { return state_->gone.get_token(); }
    [[nodiscard]] bool client_gone() const { return state_->gone.stop_requested(); }

private:
    struct State {
        explicit State(const net::any_io_executor& executor) : look_again(executor) {}
        bool ended{false};
        std::stop_source gone;
        net::steady_timer look_again;
    };

    static net::awaitable<void> run(std::shared_ptr<Connection> connection, std::shared_ptr<State> state);

    std::shared_ptr<Connection> connection_;
    std::shared_ptr<State> state_;
};

}  // namespace chartsight
