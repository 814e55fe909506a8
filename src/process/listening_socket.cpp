#include "process/listening_socket.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

namespace chartsight {

namespace {

constexpr int kBacklog = 4096;         // the kernel cuts it to net.core.somaxconn
constexpr int kFirstPassedSocket = 3;  // sd_listen_fds(3)

/// The one socket passed by systemd's protocol, or -1.
int take_passed_socket() {
    const char* pid = std::getenv("LISTEN_PID");
    const char* count = std::getenv("LISTEN_FDS");
    if (pid == nullptr || count == nullptr || std::to_string(::getpid()) != pid || std::atoi(count) < 1)
        return -1;
    ::unsetenv("LISTEN_PID");
    ::unsetenv("LISTEN_FDS");
    int listens = 0;
    socklen_t size = sizeof listens;
    const int asked = ::getsockopt(kFirstPassedSocket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
    if (asked != 0 || listens == 0)
        throw std::runtime_error("LISTEN_FDS: descriptor 3 is not a listening socket");
    const int fd = ::fcntl(kFirstPassedSocket, F_DUPFD_CLOEXEC, kFirstPassedSocket + 1);
    ::close(kFirstPassedSocket);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}

int bind_to(const addrinfo& address) {
    const int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(fd, address.ai_addr, address.ai_addrlen) == 0 && ::listen(fd, kBacklog) == 0) return fd;
    const int error = errno;
    ::close(fd);
    errno = error;
    return -1;
}

}  // namespace

ListeningSocket::ListeningSocket(const std::string& host, std::uint16_t port)
    : descriptor_(take_passed_socket()) {
    if (descriptor_ >= 0) return;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    const int fault = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (fault != 0) throw std::runtime_error(fmt::format("HOST={}: {}", host, ::gai_strerror(fault)));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
    for (const addrinfo* address = found; address != nullptr && descriptor_ < 0; address = address->ai_next) {
        descriptor_ = bind_to(*address);
    }
    if (descriptor_ < 0) {
        throw std::runtime_error(
            fmt::format("cannot listen on HOST={} PORT={}: {}", host, port, std::strerror(errno)));
    }
}

ListeningSocket::~ListeningSocket() {
    close();
}

void ListeningSocket::close() {
    if (const int fd = std::exchange(descriptor_, -1); fd >= 0) ::close(fd);
}

std::string ListeningSocket::url() const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    char host[NI_MAXHOST] = "";
    char port[NI_MAXSERV] = "";
    ::getnameinfo(reinterpret_cast<sockaddr*>(&address), size, host, sizeof host, port, sizeof port,
                  NI_NUMERICHOST | NI_NUMERICSERV);
    const bool v6 = address.ss_family == AF_INET6;
    return fmt::format("http://{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

void ListeningSocket::pass_on() const {
    ::dup2(descriptor_, kFirstPassedSocket);
    ::fcntl(kFirstPassedSocket, F_SETFD, 0);  // dup2 leaves close-on-exec set where both are one
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", "1", 1);
}

}  // namespace chartsight
