#include "http/connection.hpp"

#include <utility>

namespace chartsight {

namespace {

// Bodies are read in pieces of at most this, headers in smaller ones (read_head.cpp).
constexpr std::size_t kMaxBuffered = 128u << 10;

}  // namespace

Connection::Connection(tcp::socket socket, Service& owner, Phase first_phase)
    : service(owner),
      stream(std::move(socket)),
      buffer(kMaxBuffered),
      phase(first_phase),
      holds_reserved_place_(first_phase == Phase::fresh),
      entry_(service.connections.insert(service.connections.end(), this)) {
    if (holds_reserved_place_) service.admission.connection_opened();
    boost::system::error_code ignored;
    stream.socket().set_option(tcp::no_delay(true), ignored);
}

Connection::~Connection() {
    settle();
    service.connections.erase(entry_);
    service.on_connection_closed();
}

void Connection::settle() {
    if (std::exchange(holds_reserved_place_, false)) service.admission.connection_settled();
}

int Connection::release_socket() {
    boost::system::error_code error;
    const int fd = stream.socket().release(error);
    return error ? -1 : fd;
}

}  // namespace chartsight
