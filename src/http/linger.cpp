#include "http/linger.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace chartsight {

namespace {

constexpr std::chrono::seconds kLingerTime{5};
constexpr std::size_t kDropBytes = 16u << 10;

}  // namespace

net::awaitable<void> close_gently(Connection& connection) {
    boost::system::error_code error;
    connection.socket.shutdown(tcp::socket::shutdown_send, error);
    const std::size_t most = connection.service.options.max_upload_bytes;
    connection.buffer.clear();
    connection.buffer.shrink_to_fit();
    connection.limit_io(Clock::now() + kLingerTime);
    for (std::size_t dropped = 0; !error && dropped < most;) {
        auto space = connection.buffer.prepare(kDropBytes);
        dropped +=
            co_await connection.socket.async_read_some(space, net::redirect_error(net::use_awaitable, error));
    }
    connection.lift_limit();
    connection.socket.close(error);
}

}  // namespace chartsight
