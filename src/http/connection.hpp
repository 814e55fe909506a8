#pragma once

#include "chartsight/analysis/admission.hpp"
#include "http/service.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <list>
#include <memory>

namespace chartsight {

namespace beast = boost::beast;
using tcp = net::ip::tcp;

/// One open connection. Shared by its session and whoever watches it; used on the worker's io_context only.
class Connection {
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

    /// Passes the socket on to another process: this one forgets it without a word to the client.
    [[nodiscard]] int release_socket();

    Service& service;
    beast::tcp_stream stream;
    beast::flat_buffer
        buffer;  ///< read and not yet consumed; the header stays here until the request is admitted
    Phase phase;

private:
    bool holds_reserved_place_;
    std::list<Connection*>::iterator entry_;
};

}  // namespace chartsight
