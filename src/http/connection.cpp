#include "http/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <utility>

namespace chartsight {

namespace {

// Bodies are read in pieces of at most this, headers in smaller ones (read_head.cpp).
constexpr std::size_t kMaxBuffered = 128u << 10;
constexpr int kUnsentBytes = 64 << 10;

}  // namespace

Connection::Connection(tcp::socket accepted, Service& owner, Phase first_phase)
    : service(owner),
      socket(std::move(accepted)),
      buffer(kMaxBuffered),
      phase(first_phase),
      holds_reserved_place_(first_phase == Phase::fresh),
      limit_(socket.get_executor()),
      entry_(service.connections.insert(service.connections.end(), this)) {
    if (holds_reserved_place_) service.admission.connection_opened();
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    // A slow reader holds little in the kernel, and what it takes shows as progress soon (WRITE_TIMEOUT).
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsentBytes, sizeof kUnsentBytes);
}

Connection::~Connection() {
    settle();
    service.connections.erase(entry_);
    service.on_connection_closed();
}

void Connection::settle() {
    if (std::exchange(holds_reserved_place_, false)) service.admission.connection_settled();
}

void Connection::limit_io(Clock::time_point when) {
    timed_out_ = false;
    limit_.expires_at(when);
    limit_.async_wait(
        [weak = weak_from_this(), number = ++limits_set_](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (error || !self || self->limits_set_ != number) return;
            self->timed_out_ = true;
            boost::system::error_code ignored;
            self->socket.cancel(ignored);
        });
}

void Connection::lift_limit() {
    ++limits_set_;
    limit_.cancel();
}

int Connection::release_socket() {
    boost::system::error_code error;
    const int fd = socket.release(error);
    return error ? -1 : fd;
}

}  // namespace chartsight
