#pragma once

#include "chartsight/base/deadline.hpp"
#include "http/service.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstdint>
#include <list>
#include <memory>

namespace chartsight {

namespace beast = boost::beast;
using tcp = net::ip::tcp;  // NOLINT(readability-identifier-naming): as everyone who uses Asio calls it

/// One open connection. Shared by its session and whoever watches it; used on the worker's io_context only.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    enum class Phase {
        fresh,
        idle,
        busy
    };  ///< no byte of a first request yet, between requests, in a request

    /// A `fresh` connection holds a reserved place until `settle`.
    Connection(tcp::socket socket, Service& service, Phase phase);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// The reserved place is not needed any more: the first request is here, or the connection ends.
    void settle();

    /// From now on, what reads from or writes to the socket ends with `operation_aborted` at `when`. The
    /// connection stays open, so that the client can still be told why: Beast's own stream timeout would
    /// close it.
    void limit_io(Clock::time_point when);
    void lift_limit();
    [[nodiscard]] bool timed_out() const { return timed_out_; }

    /// Passes the socket on to another process: this one forgets it without a word to the client.
    [[nodiscard]] int release_socket();

    Service& service;
    tcp::socket socket;
    beast::flat_buffer
        buffer;  ///< read and not yet consumed; the header stays here until the request is admitted
    Phase phase;

private:
    bool holds_reserved_place_;
    bool timed_out_{false};
    std::uint64_t limits_set_{0};  ///< tells a limit that was replaced from the current one
    net::steady_timer limit_;
    std::list<Connection*>::iterator entry_;
};

}  // namespace chartsight
