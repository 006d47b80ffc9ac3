internal import Glibc

/// A folder that was reached without following a link.
///
/// It is opened one component after the other, each below the one before, so that nobody who exchanges a folder or file
/// for a link between the look and the opening leads the reader elsewhere.
struct LinkFreeFolder: ~Copyable {
  private let descriptor: Int32

  /// Linux' O_PATH, which the module of the C library does not show: to pass through a folder takes no right to list it.
  private static let pathOnly: Int32 = 0o10_000_000

  /// - Parameter path: Without links, as ``FileBytes/resolved(_:)`` gives it; a link on the way is an error.
  init(path: String) throws(DICOMFileError) {
    var current = unsafe Glibc.open(path.hasPrefix("/") ? "/" : ".", Self.pathOnly | O_DIRECTORY | O_CLOEXEC)
    guard current >= 0 else { throw DICOMFileError(openingFailedWith: errno) }
    for component in path.split(separator: "/") {
      let next = unsafe openat(current, String(component), Self.pathOnly | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      let code = errno
      close(current)
      guard next >= 0 else { throw DICOMFileError(openingFailedWith: code) }
      current = next
    }
    descriptor = current
  }

  deinit {
    close(descriptor)
  }

  var status: FileStatus {
    get throws(DICOMFileError) { try FileStatus(ofDescriptor: descriptor) }
  }

  /// What `name` in this folder is; of a link, the link itself.
  func status(of name: String) throws(DICOMFileError) -> FileStatus {
    try FileStatus(of: name, inFolder: descriptor)
  }

  /// Opens the file `name` of this folder for reading; a link is an error, a pipe is not waited for.
  func open(_ name: String) throws(DICOMFileError) -> Int32 {
    let opened = unsafe openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard opened >= 0 else { throw DICOMFileError(openingFailedWith: errno) }
    return opened
  }

  /// The entries but `.` and `..`, bytewise sorted.
  func entries() throws(DICOMFileError) -> [EntryName] {
    let listing = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard listing >= 0 else { throw DICOMFileError(openingFailedWith: errno) }
    guard let directory = unsafe fdopendir(listing) else {
      let code = errno
      close(listing)
      throw .unreadable(errno: code)
    }
    defer { unsafe _ = closedir(directory) }
    var names: [EntryName] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(directory) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
          unsafe EntryName(bytes: Array(UnsafeBufferPointer(start: start, count: strlen(start))))
        }
      }
      if name.text != ".", name.text != ".." { names.append(name) }
    }
    guard errno == 0 else { throw .unreadable(errno: errno) }
    return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }
}

/// A path, cut before its last component.
struct PathParts {
  let folder: String
  let name: String

  init(_ path: String) {
    let start = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    folder = start == path.startIndex ? "." : String(path[..<start])
    name = start == path.endIndex ? "." : String(path[start...])
  }
}

/// The name of an entry of a folder, which may be any bytes.
struct EntryName {
  let bytes: [UInt8]
  /// `nil` for a name that is no UTF-8.
  let text: String?

  init(bytes: [UInt8]) {
    self.bytes = bytes
    text = String(validating: bytes, as: UTF8.self)
  }

  /// The text; of a name that is no UTF-8, ASCII with the other bytes as `\xE9`.
  var shown: String {
    text
      ?? bytes.map { byte in
        (0x20..<0x7F).contains(byte)
          ? String(Unicode.Scalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }.joined()
  }
}
