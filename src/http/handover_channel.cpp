#include "chartsight/http/handover_channel.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace chartsight {

namespace {

// A burst of handovers is a message of one header each; the kernel cuts this to its own limit.
constexpr int kSendBufferBytes = 4 << 20;

}  // namespace

HandoverChannel::HandoverChannel(std::size_t workers) {
    for (std::size_t i = 0; i < workers; ++i) {
        int pair[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) {
            throw std::system_error(errno, std::generic_category(), "handover channel");
        }
        ::setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &kSendBufferBytes, sizeof kSendBufferBytes);
        senders_.push_back(pair[0]);
        receivers_.push_back(pair[1]);
    }
}

HandoverChannel::~HandoverChannel() {
    for (const int fd : senders_) ::close(fd);
    for (const int fd : receivers_) ::close(fd);
}

}  // namespace chartsight
