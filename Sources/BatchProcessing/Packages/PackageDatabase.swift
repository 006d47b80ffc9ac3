internal import Tensors

/// A package that `dpkg` has unpacked on this system.
struct InstalledPackage: Equatable {
  let name: String
  let version: String
  let architecture: String
  /// The source package it was built from.
  let source: String
}

/// The packages of this system, read from the files of `dpkg` without running it.
struct PackageDatabase {
  let packages: [InstalledPackage]
  private let folder: String

  private static let largestStatusFile = 64 << 20
  private static let largestList = 16 << 20

  /// - Parameter root: The root of the file system, but for tests.
  /// - Returns: `nil` where there is no status file, or one that cannot be read.
  init?(root: String) {
    folder = root + "/var/lib/dpkg"
    guard let bytes = try? MappedFile(path: folder + "/status").bytes(upTo: Self.largestStatusFile) else { return nil }
    packages = Self.stanzas(in: bytes).compactMap(InstalledPackage.init)
  }

  /// Whether `package` put the file at `path` there; what is reached through /lib and through /usr/lib is one file.
  func owns(_ package: InstalledPackage, _ path: String) -> Bool {
    let names = ["\(package.name):\(package.architecture)", package.name]
    return names.contains { name in
      guard let list = try? MappedFile(path: "\(folder)/info/\(name).list").bytes(upTo: Self.largestList) else {
        return false
      }
      return list.split(separator: UInt8(ascii: "\n")).contains {
        Self.withoutUsr(String(decoding: $0, as: UTF8.self)) == Self.withoutUsr(path)
      }
    }
  }

  private static func withoutUsr(_ path: String) -> Substring {
    path.hasPrefix("/usr/") ? path.dropFirst(4) : path[...]
  }

  /// The fields of each stanza, the first line of their values alone.
  private static func stanzas(in bytes: [UInt8]) -> [[String: String]] {
    let wanted: Set<String> = ["Package", "Status", "Version", "Architecture", "Source"]
    var (stanzas, stanza): ([[String: String]], [String: String]) = ([], [:])
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.isEmpty {
        stanzas.append(stanza)
        stanza = [:]
        continue
      }
      // A continued value starts with a space; its colon, if any, follows no field's name.
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), line.first != UInt8(ascii: " ") else { continue }
      let name = String(decoding: line[..<colon], as: UTF8.self)
      guard wanted.contains(name) else { continue }
      let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }
      stanza[name] = String(decoding: value, as: UTF8.self)
    }
    return stanzas + [stanza]
  }
}

extension InstalledPackage {
  /// States of a package whose files are not there, or not all.
  private static let absent: Set<Substring> = ["not-installed", "config-files", "half-installed"]

  fileprivate init?(_ stanza: [String: String]) {
    guard let name = stanza["Package"], let version = stanza["Version"],
      let state = stanza["Status"]?.split(separator: " ").last, !Self.absent.contains(state)
    else { return nil }
    self.name = name
    self.version = version
    architecture = stanza["Architecture"] ?? ""
    // `Source: name (version)`, or nothing where it has the package's own name.
    source = stanza["Source"]?.split(separator: " ").first.map(String.init) ?? name
  }
}

/// Which distribution this is (os-release(5)).
struct Distribution {
  /// Such as `debian 12`; empty where it cannot be told.
  let id: String
  /// For people.
  let name: String

  init(root: String) {
    let paths = ["/etc/os-release", "/usr/lib/os-release"].map { root + $0 }
    let text = paths.lazy.compactMap { try? MappedFile(path: $0).bytes(upTo: 1 << 16) }.first ?? []
    var fields: [Substring: String] = [:]
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      fields[parts[0]] = String(parts[1].filter { $0 != "\"" && $0 != "'" })
    }
    id = [fields["ID"], fields["VERSION_ID"]].compactMap { $0 }.joined(separator: " ")
    name = fields["PRETTY_NAME"] ?? (id.isEmpty ? "an unknown system" : id)
  }
}
