#pragma once

#include "http/service.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace chartsight {

/// Accepts connections of the shared listening socket while it is this worker's turn, until the acceptor is
/// closed.
net::awaitable<void> run_listener(net::ip::tcp::acceptor& acceptor, Service& service);

/// Accepts all connections that the kernel has completed, without waiting. For the drain: they would be reset
/// when the socket closes.
void accept_backlog(net::ip::tcp::acceptor& acceptor, Service& service);

/// Starts the sessions of requests other workers hand over, until the port is closed.
net::awaitable<void> run_handovers(net::any_io_executor executor, Service& service);

}  // namespace chartsight
