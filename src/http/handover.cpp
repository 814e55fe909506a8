#include "http/handover.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace chartsight {

namespace {

constexpr std::chrono::seconds kSendTimeout{1};
// The header of a request (MAX_HEADER_BYTES is at most 64 KiB) and what came with its last read.
constexpr std::size_t kMaxMessage = 128u << 10;

/// The fixed part of a message. Sender and receiver are one binary, so it travels as it is in memory.
struct WireHead {
    std::uint64_t request_number;
    std::int64_t received_ns;
    PlaceClaim claim;
};

union ControlBuffer {
    cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

int duplicate(int fd) {
    return ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

/// True if sent; errno tells otherwise.
bool send_message(int channel, const Handover& handover) {
    WireHead head{handover.request_number,
                  std::chrono::nanoseconds(handover.received.time_since_epoch()).count(), handover.claim};
    std::array<iovec, 2> pieces{iovec{&head, sizeof head},
                                iovec{const_cast<char*>(handover.bytes.data()), handover.bytes.size()}};
    ControlBuffer control{};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    cmsghdr* rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), &handover.socket, sizeof(int));
    return ::sendmsg(channel, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

/// The message that waits, if one does and it carries a socket.
std::optional<Handover> receive_message(int channel, std::string& buffer) {
    WireHead head{};
    std::array<iovec, 2> pieces{iovec{&head, sizeof head}, iovec{buffer.data(), buffer.size()}};
    ControlBuffer control{};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    const ssize_t n = ::recvmsg(channel, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    const cmsghdr* rights = n > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
    if (rights == nullptr || rights->cmsg_type != SCM_RIGHTS) return std::nullopt;

    Handover handover;
    std::memcpy(&handover.socket, CMSG_DATA(rights), sizeof(int));
    handover.claim = head.claim;
    handover.request_number = head.request_number;
    handover.received = Clock::time_point(std::chrono::nanoseconds(head.received_ns));
    handover.bytes.assign(buffer, 0, static_cast<std::size_t>(n) - sizeof head);
    return handover;
}

}  // namespace

HandoverPort::HandoverPort(net::any_io_executor executor, const HandoverChannel& channel, std::size_t self)
    : receiver_(executor, duplicate(channel.receiver(self))), buffer_(kMaxMessage, '\0') {
    for (std::size_t i = 0; i < channel.workers(); ++i)
        senders_.emplace_back(executor, duplicate(channel.sender(i)));
}

net::awaitable<bool> HandoverPort::send(std::size_t worker, Handover handover) {
    auto& channel = senders_[worker];
    const Deadline deadline = Deadline::after(kSendTimeout);
    while (!send_message(channel.native_handle(), handover)) {
        if ((errno != EAGAIN && errno != ETOOMANYREFS) || deadline.passed()) co_return false;
        // Each sender waits on a descriptor of its own: a timeout cancels only its own wait.
        auto writable = std::make_shared<net::posix::stream_descriptor>(channel.get_executor(),
                                                                        duplicate(channel.native_handle()));
        net::steady_timer timer(channel.get_executor(), deadline.when());
        timer.async_wait([writable](const boost::system::error_code& error) {
            if (!error) writable->cancel();
        });
        boost::system::error_code ignored;
        co_await writable->async_wait(net::posix::stream_descriptor::wait_write,
                                      net::redirect_error(net::use_awaitable, ignored));
    }
    co_return true;
}

net::awaitable<std::optional<Handover>> HandoverPort::receive() {
    for (;;) {
        if (auto handover = receive_message(receiver_.native_handle(), buffer_)) co_return handover;
        boost::system::error_code error;
        co_await receiver_.async_wait(net::posix::stream_descriptor::wait_read,
                                      net::redirect_error(net::use_awaitable, error));
        if (error) co_return std::nullopt;
    }
}

void HandoverPort::close() {
    boost::system::error_code ignored;
    receiver_.cancel(ignored);
}

}  // namespace chartsight
