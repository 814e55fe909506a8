#pragma once

#include <cstdint>
#include <string>

namespace chartsight {

/// A bound, listening TCP socket, shared by all workers.
class ListeningSocket {
public:
    /// The socket systemd (or an earlier life of this program, see `pass_on`) has passed, else one bound to
    /// `host` (an address or name) and `port`. Throws std::runtime_error with address and reason.
    ListeningSocket(const std::string& host, std::uint16_t port);
    ~ListeningSocket();
    ListeningSocket(const ListeningSocket&) = delete;
    ListeningSocket& operator=(const ListeningSocket&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }
    /// "http://127.0.0.1:8000" with the port the system chose.
    [[nodiscard]] std::string url() const;
    /// Stops listening in this process.
    void close();
    /// Arranges that the program this process executes next takes the socket over.
    void pass_on() const;

private:
    int descriptor_{-1};
};

}  // namespace chartsight
