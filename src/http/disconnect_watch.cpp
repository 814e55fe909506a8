#include "http/disconnect_watch.hpp"

#include "http/spawn.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>

namespace chartsight {

namespace {

constexpr std::chrono::milliseconds kLookAgain{250};

/// Asks the kernel, since a FIN hides behind pipelined bytes that nobody reads.
bool is_established(tcp::socket& socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
    return info.tcpi_state == TCP_ESTABLISHED;
}

}  // namespace

DisconnectWatch::DisconnectWatch(const std::shared_ptr<Connection>& connection)
    : connection_(connection), state_(std::make_shared<State>(connection->socket.get_executor())) {
    spawn(connection->socket.get_executor(), run(connection_, state_), "disconnect watch");
}

DisconnectWatch::~DisconnectWatch() {
    state_->ended = true;
    state_->look_again.cancel();
    boost::system::error_code ignored;
    connection_->socket.cancel(ignored);
}

net::awaitable<void> DisconnectWatch::run(std::shared_ptr<Connection> connection,
                                          std::shared_ptr<State> state) {
    boost::system::error_code error;
    auto& socket = connection->socket;
    while (!state->ended) {
        co_await socket.async_wait(tcp::socket::wait_read, net::redirect_error(net::use_awaitable, error));
        if (state->ended) co_return;
        if (error || !is_established(socket)) {
            state->gone.request_stop();
            co_return;
        }
        state->look_again.expires_after(kLookAgain);
        co_await state->look_again.async_wait(net::redirect_error(net::use_awaitable, error));
    }
}

}  // namespace chartsight
