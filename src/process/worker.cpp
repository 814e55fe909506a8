#include "process/worker.hpp"

#include "chartsight/base/log.hpp"

#include <boost/asio/buffer.hpp>

#include <fcntl.h>
#include <malloc.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>
#include <utility>

namespace chartsight {

namespace {

constexpr std::chrono::milliseconds kTick{250};
constexpr std::chrono::seconds kKeepUnused{10};  // a new TLS connection costs far less than one call takes
constexpr int kCpuNice = 10;                     // decoding must not delay the sending of other requests

int duplicate(int fd) {
    return ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

}  // namespace

Worker::Worker(const Config& config, const Inheritance& inheritance, std::size_t index)
    : config_(config),
      slot_(inheritance.shared.board.slots[index]),
      board_(inheritance.shared.board),
      index_(index),
      io_(1),
      transport_(make_curl_transport(config.gemini.transport)),
      calls_(config.process.threads),
      gate_(inheritance.shared.cpu_gate, static_cast<std::uint32_t>(index)),
      cpu_(inheritance.shared.cpu_gate.places, kCpuNice),
      gemini_(calls_, *transport_, config.gemini),
      analyzer_(calls_, cpu_, gate_, gemini_, config.image),
      admission_(io_.get_executor(), board_, index, config.admission,
                 [&wakes = inheritance.wakes](std::size_t worker) { wakes.wake(worker); }),
      server_(io_, inheritance.listening_socket,
              ServerParts{config.http, admission_, board_, analyzer_, calls_, inheritance.handover,
                          inheritance.shared.request_numbers}),
      signals_(io_, SIGTERM),
      lifeline_(io_, duplicate(inheritance.lifeline)),
      wake_(io_, duplicate(inheritance.wakes.descriptor(index))),
      tick_(io_),
      drain_timeout_(io_) {}

void Worker::run() {
    watch_signals();
    watch_supervisor();
    watch_wakes();
    tick();
    slot_.state = WorkerSlot::serving;
    server_.start();
    log::debug("", "Worker started", {{"pid", std::to_string(::getpid())}});
    io_.run();
}

void Worker::watch_signals() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (!error) drain("SIGTERM");
    });
}

void Worker::watch_supervisor() {
    // Nothing is ever written: readable means closed.
    lifeline_.async_wait(net::posix::stream_descriptor::wait_read,
                         [this](const boost::system::error_code& error) {
                             if (!error) drain("the supervisor is gone");
                         });
}

void Worker::watch_wakes() {
    wake_.async_wait(net::posix::stream_descriptor::wait_read,
                     [this](const boost::system::error_code& error) {
                         if (error) return;
                         eventfd_t count = 0;
                         (void)::eventfd_read(wake_.native_handle(), &count);
                         admission_.poll();
                         watch_wakes();
                     });
}

void Worker::tick() {
    board_.beat(index_);
    admission_.poll();
    if (transport_->close_unused_since(Clock::now() - kKeepUnused) > 0) trimmed_ = false;
    trim_memory_when_idle();
    tick_.expires_after(kTick);
    tick_.async_wait([this](const boost::system::error_code& error) {
        if (!error) tick();
    });
}

void Worker::trim_memory_when_idle() {
    const std::uint64_t seen = std::exchange(served_at_last_tick_, slot_.served);
    const bool idle = slot_.running.taken() == 0 && seen == slot_.served;
    if (!idle) {
        trimmed_ = false;
    } else if (!std::exchange(trimmed_, true)) {
        ::malloc_trim(0);  // free() alone returns only the end of an arena
    }
}

void Worker::drain(const char* reason) {
    if (slot_.state == WorkerSlot::draining) return;
    slot_.state = WorkerSlot::draining;
    log::info("", "Worker drains",
              {{"reason", reason}, {"connections", std::to_string(server_.connections())}});
    drain_timeout_.expires_after(config_.process.drain_timeout);
    drain_timeout_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        log::warn("", "DRAIN_TIMEOUT is over; requests are cut off",
                  {{"connections", std::to_string(server_.connections())}});
        ::_exit(0);
    });
    server_.drain([this] { io_.stop(); });
}

}  // namespace chartsight
