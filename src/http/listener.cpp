#include "http/listener.hpp"

#include "chartsight/base/log.hpp"
#include "http/session.hpp"
#include "http/spawn.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace chartsight {

namespace {

constexpr std::chrono::milliseconds kRetryAccept{100};

/// The protocol family decides how Asio prints and binds; accepted sockets only need it to be right.
tcp family_of(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    return address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4();
}

void start_session(net::any_io_executor executor, int fd, Service& service, Connection::Phase phase,
                   std::optional<Handover> handover) {
    tcp::socket socket(executor, family_of(fd), fd);
    auto connection = std::make_shared<Connection>(std::move(socket), service, phase);
    spawn(executor, run_session(std::move(connection), std::move(handover)), "session");
}

/// One connection accepted, or the errno.
int accept_one(tcp::acceptor& acceptor, Service& service) {
    const int fd = ::accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return errno;
    start_session(acceptor.get_executor(), fd, service, Connection::Phase::fresh, std::nullopt);
    return 0;
}

bool is_out_of_resources(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

net::awaitable<void> run_listener(tcp::acceptor& acceptor, Service& service) {
    boost::system::error_code error;
    net::steady_timer pause(acceptor.get_executor());
    while (acceptor.is_open()) {
        if (!service.admission.may_accept() ||
            service.connections.size() >= service.options.max_connections) {
            co_await service.admission.wait_for_change();
            continue;
        }
        co_await acceptor.async_wait(tcp::acceptor::wait_read,
                                     net::redirect_error(net::use_awaitable, error));
        if (error) co_return;
        // Others may have gained room or taken the connection meanwhile; one a turn spreads a burst over all.
        if (!service.admission.may_accept()) continue;
        const int fault = accept_one(acceptor, service);
        if (is_out_of_resources(fault)) {
            log::warn("", "Cannot accept connections", {{"error", std::strerror(fault)}});
            pause.expires_after(kRetryAccept);
            co_await pause.async_wait(net::redirect_error(net::use_awaitable, error));
        }
    }
}

void accept_backlog(tcp::acceptor& acceptor, Service& service) {
    while (service.connections.size() < service.options.max_connections &&
           accept_one(acceptor, service) == 0) {
    }
}

net::awaitable<void> run_handovers(net::any_io_executor executor, Service& service) {
    for (;;) {
        auto handover = co_await service.handover.receive();
        if (!handover) co_return;
        const int fd = handover->socket;
        start_session(executor, fd, service, Connection::Phase::busy, std::move(handover));
    }
}

}  // namespace chartsight
