#pragma once

#include <string>
#include <vector>

namespace chartsight {

/// Watches files for `--dev` with inotify. Editors and linkers replace files by renaming, so it is their
/// folders that are watched.
class DevWatch {
public:
    /// Throws std::system_error. Files in folders that do not exist are left out.
    explicit DevWatch(const std::vector<std::string>& files);
    ~DevWatch();
    DevWatch(const DevWatch&) = delete;
    DevWatch& operator=(const DevWatch&) = delete;

    /// Readable when something has happened in a watched folder.
    [[nodiscard]] int descriptor() const { return descriptor_; }
    /// The first watched file among what has changed since the last call, or empty. Never waits.
    [[nodiscard]] std::string changed_file();

private:
    struct File {
        int folder;  ///< watch descriptor
        std::string name;
    };

    int descriptor_;
    std::vector<File> files_;
};

/// The absolute path of the running program, as it was when first asked.
[[nodiscard]] const std::string& program_path();

/// True if `program check-config` accepts the same arguments: a broken build or file must not end a session
/// of development.
[[nodiscard]] bool would_start(const std::vector<std::string>& arguments);

/// Replaces this process by the program as it is on disk now. Returns only if that fails, with errno set.
void execute_again(const std::vector<std::string>& arguments);

}  // namespace chartsight
