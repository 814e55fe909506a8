#include "process/wake_set.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace chartsight {

WakeSet::WakeSet(std::size_t workers) {
    for (std::size_t i = 0; i < workers; ++i) {
        const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
        descriptors_.push_back(fd);
    }
}

WakeSet::~WakeSet() {
    for (const int fd : descriptors_) ::close(fd);
}

void WakeSet::wake(std::size_t worker) const {
    // Fails only when the counter is full, and then the worker is awake anyway.
    (void)::eventfd_write(descriptors_[worker], 1);
}

void WakeSet::wake_all() const {
    for (std::size_t i = 0; i < descriptors_.size(); ++i) wake(i);
}

}  // namespace chartsight
