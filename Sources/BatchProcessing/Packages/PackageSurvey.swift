internal import Foundation

/// Looks up in which packages the loaded libraries came, and whether they are patched.
package struct PackageSurvey: Sendable {
  /// The root of the file system, but for tests.
  private let root: String
  /// Paths of the files that are mapped into this process.
  private let loaded: [String]

  /// Of this system and process.
  package init() {
    self.init(root: "", loaded: Self.mappedFiles)
  }

  package init(root: String, loaded: [String]) {
    (self.root, self.loaded) = (root, loaded)
  }

  /// A check for each library of ``PatchedPackages``.
  package func checks() -> [Diagnosis.Check] {
    let database = PackageDatabase(root: root)
    let distribution = Distribution(root: root)
    return PatchedPackages.all.map { entry in
      let (level, finding) = judge(entry, database, distribution)
      return Diagnosis.Check(name: "package of \(entry.library)", level: level, finding: finding)
    }
  }

  private func judge(
    _ entry: PatchedPackage, _ database: PackageDatabase?, _ distribution: Distribution
  ) -> (Diagnosis.Level, String) {
    let untold = "whether it is patched cannot be told"
    guard let file = loaded.first(where: { $0.split(separator: "/").last?.hasPrefix(entry.file) == true }) else {
      return (.unknown, "no \(entry.file) is loaded: built in by hand, \(untold)")
    }
    guard let database else { return (.unknown, "\(file): there is no dpkg status here, \(untold)") }
    let owner = database.packages.first { $0.source == entry.source && database.owns($0, file) }
    guard let owner else {
      return (.unknown, "\(file) belongs to no package of \(entry.source): built by hand, \(untold)")
    }
    let found = "\(owner.name) \(owner.version)"
    guard distribution.id == PatchedPackages.distribution else {
      return (.unknown, "\(found) on \(distribution.name): only Debian 12 is known here, \(untold)")
    }
    guard let version = DebianVersion(owner.version), let patched = DebianVersion(entry.patched) else {
      return (.unknown, "\(found): not a version of Debian's, \(untold)")
    }
    if version < patched {
      let advice = "apt-get update && apt-get install --only-upgrade \(owner.name)"
      return (
        .warning,
        "\(found) is older than \(entry.patched), which fixes known weaknesses (\(entry.evidence)): run \(advice)"
      )
    }
    guard version.upstream == patched.upstream else {
      return (.unknown, "\(found): another release than Debian 12 has, \(untold)")
    }
    let open = entry.open.map { "; open: \($0)" } ?? ""
    return (.good, "\(found), has the fixes known on \(PatchedPackages.date)\(open)")
  }

  /// Files mapped into this process, from `/proc/self/maps`.
  private static var mappedFiles: [String] {
    guard let handle = FileHandle(forReadingAtPath: "/proc/self/maps"), let data = try? handle.readToEnd() else {
      return []
    }
    let paths = String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { line in
      line.firstIndex(of: "/").map { String(line[$0...]) }
    }
    return Array(Set(paths)).sorted()
  }
}
