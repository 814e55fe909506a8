#include "chartsight/concurrency/shared_region.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <system_error>

namespace chartsight {

SharedRegion::SharedRegion(std::size_t bytes)
    : data_(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)),
      bytes_(bytes) {
    if (data_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "shared memory");
}

SharedRegion::~SharedRegion() {
    ::munmap(data_, bytes_);
}

}  // namespace chartsight
