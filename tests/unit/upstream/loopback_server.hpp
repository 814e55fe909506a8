#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace chartsight::test {

struct ReceivedRequest {
    std::string head;  ///< request line and header, with its last empty line
    std::string body;

    [[nodiscard]] bool has_line(std::string_view line) const {
        return head.find("\r\n" + std::string(line) + "\r\n") != head.npos;
    }
};

/// The server's end of one connection. Every wait ends after five seconds.
class Peer {
public:
    explicit Peer(int fd) : fd_(fd) {
        const timeval limit{5, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }

    /// The header of the next request; empty if the client closed.
    std::string read_head() {
        while (buffer_.find("\r\n\r\n") == buffer_.npos) {
            if (!receive()) return {};
        }
        return take(buffer_.find("\r\n\r\n") + 4);
    }

    /// The next request with its body; nothing if the client closed before its end.
    std::optional<ReceivedRequest> read_request() {
        ReceivedRequest request{read_head(), {}};
        const auto field = request.head.find("Content-Length: ");
        if (field == request.head.npos) return std::nullopt;
        const std::size_t length = std::strtoul(request.head.c_str() + field + 16, nullptr, 10);
        while (buffer_.size() < length) {
            if (!receive()) return std::nullopt;
        }
        request.body = take(length);
        return request;
    }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    void answer(std::string_view body, std::string_view header = "") {
        send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
             std::string(header) + "\r\n" + std::string(body));
    }

    /// Closes with a TCP reset instead of a FIN.
    void reset() {
        const linger at_once{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }

    /// Waits for the client's end of the connection; false after five seconds without.
    bool sees_close() {
        while (receive()) buffer_.clear();
        return is_closed_;
    }

private:
    bool receive() {
        char bytes[65536];
        const auto received = ::recv(fd_, bytes, sizeof bytes, 0);
        if (received <= 0) {
            is_closed_ = received == 0 || errno == ECONNRESET;
            return false;
        }
        buffer_.append(bytes, static_cast<std::size_t>(received));
        return true;
    }

    std::string take(std::size_t length) {
        std::string taken = buffer_.substr(0, length);
        buffer_.erase(0, length);
        return taken;
    }

    int fd_;
    std::string buffer_;
    bool is_closed_{false};
};

/// A server on a free port of 127.0.0.1. `serve` runs on a thread for each connection, with the connection's
/// number from 0 on; the connection is closed when it returns.
class LoopbackServer {
public:
    using Serve = std::function<void(Peer&, int)>;

    explicit LoopbackServer(Serve serve) : serve_(std::move(serve)), fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (::bind(fd_, any, size) != 0 || ::listen(fd_, 16) != 0 || ::getsockname(fd_, any, &size) != 0)
            std::abort();
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }

    ~LoopbackServer() {
        ::shutdown(fd_, SHUT_RDWR);
        acceptor_.join();
        for (std::thread& thread : threads_) thread.join();
        ::close(fd_);
    }

    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    [[nodiscard]] std::string url(std::string_view path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
    }

    [[nodiscard]] int connections() const {
        const std::scoped_lock lock(mutex_);
        return accepted_;
    }

private:
    void accept_all() {
        for (;;) {
            const int fd = ::accept(fd_, nullptr, nullptr);
            if (fd < 0) return;
            const std::scoped_lock lock(mutex_);
            threads_.emplace_back([this, fd, number = accepted_++] {
                Peer peer(fd);
                serve_(peer, number);
                ::close(fd);
            });
        }
    }

    Serve serve_;
    int fd_;
    std::uint16_t port_{0};
    mutable std::mutex mutex_;
    int accepted_{0};
    std::vector<std::thread> threads_;
    std::thread acceptor_;  // last: it uses the members above
};

}  // namespace chartsight::test
