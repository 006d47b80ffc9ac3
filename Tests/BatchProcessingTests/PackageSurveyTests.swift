import BatchProcessing
import TestSupport
import Testing

/// Whether packages are patched, on systems made up for it.
struct PackageSurveyTests {
  private let root: TemporaryFolder
  private static let library = "/usr/lib/x86_64-linux-gnu/libdcmdata.so.17.3.6.7"

  init() throws {
    root = try TemporaryFolder()
    try root.write(
      "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n", to: "etc/os-release")
    try root.write("/.\n\(Self.library)\n", to: "var/lib/dpkg/info/libdcmtk17:amd64.list")
  }

  private func writeStatus(version: String, state: String = "install ok installed") throws {
    try root.write(
      """
      Package: adduser
      Status: install ok installed
      Version: 3.134
      Description: add and remove users
       Version: 9.9 is not the field of that name
       .

      Package: libdcmtk17
      Status: \(state)
      Architecture: amd64
      Multi-Arch: same
      Source: dcmtk
      Version: \(version)
      Depends: libc6 (>= 2.36), zlib1g (>= 1:1.2.0)

      Package: libdcmtk16
      Status: deinstall ok config-files
      Architecture: amd64
      Source: dcmtk
      Version: 3.6.5-1
      """, to: "var/lib/dpkg/status")
  }

  private func dcmtk(loaded: [String] = [library]) throws -> Diagnosis.Check {
    let checks = PackageSurvey(root: root.path, loaded: loaded).checks()
    return try #require(checks.first { $0.name.contains("DCMTK") })
  }

  @Test(arguments: ["3.6.7-9~deb12u4", "3.6.7-9~deb12u4+b1", "3.6.7-9~deb12u5", "3.6.7-15"])
  func `a patched package is good`(version: String) throws {
    try writeStatus(version: version)
    let check = try dcmtk()
    #expect(check.level == .good)
    #expect(check.finding.hasPrefix("libdcmtk17 \(version), has the fixes known on 20"))
    #expect(check.finding.contains("CVE-2026-10528"))
  }

  @Test(arguments: ["3.6.7-9~deb12u3", "3.6.7-9~deb12u1", "3.6.7-8", "3.6.5-1"])
  func `an older package is warned of, with what to do`(version: String) throws {
    try writeStatus(version: version)
    let check = try dcmtk()
    #expect(check.level == .warning)
    #expect(check.finding.contains("libdcmtk17 \(version) is older than 3.6.7-9~deb12u4"))
    #expect(check.finding.hasSuffix("apt-get update && apt-get install --only-upgrade libdcmtk17"))
  }

  @Test func `what cannot be told is said so`() throws {
    try writeStatus(version: "3.6.9-5~bpo12+1")
    #expect(try dcmtk().level == .unknown)
    #expect(try dcmtk().finding.contains("another release than Debian 12 has"))

    try writeStatus(version: "unstable")
    #expect(try dcmtk().finding.contains("not a version of Debian's"))

    try writeStatus(version: "3.6.7-9~deb12u4")
    let byHand = try dcmtk(loaded: ["/usr/local/lib/libdcmdata.so.17"])
    #expect(byHand.level == .unknown)
    #expect(byHand.finding.hasPrefix("/usr/local/lib/libdcmdata.so.17 belongs to no package of dcmtk"))
    let builtIn = try dcmtk(loaded: ["/usr/lib/x86_64-linux-gnu/libc.so.6"])
    #expect(builtIn.level == .unknown)
    #expect(builtIn.finding.contains("no libdcmdata.so is loaded"))

    try writeStatus(version: "3.6.7-9~deb12u4", state: "deinstall ok config-files")
    #expect(try dcmtk().finding.contains("belongs to no package of dcmtk"))
  }

  @Test func `another distribution is named, and not judged`() throws {
    try writeStatus(version: "3.6.7-9.1build4")
    try root.write("ID=ubuntu\nVERSION_ID=\"24.04\"\nPRETTY_NAME=\"Ubuntu 24.04 LTS\"\n", to: "etc/os-release")
    let check = try dcmtk()
    #expect(check.level == .unknown)
    #expect(check.finding.contains("libdcmtk17 3.6.7-9.1build4 on Ubuntu 24.04 LTS"))
  }

  @Test func `a system without dpkg, or with a status file that is none, is no failure`() throws {
    #expect(try dcmtk().finding.contains("no dpkg status"))
    let stanza = "Package: libdcmtk17\n\n"
    for text in ["", "\n\n\n", "Package\nStatus", "Package: x", String(repeating: stanza, count: 1000)] {
      try root.write(text, to: "var/lib/dpkg/status")
      #expect(try dcmtk().level == .unknown)
    }
    let noSystem = try TemporaryFolder()
    let checks = PackageSurvey(root: noSystem.path, loaded: [Self.library]).checks()
    #expect(checks.allSatisfy { $0.level == .unknown })
  }

  @Test func `a library of a merged folder is found under both names`() throws {
    try root.write("/lib/x86_64-linux-gnu/libz.so.1.2.13\n", to: "var/lib/dpkg/info/zlib1g:amd64.list")
    try root.write(
      "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nSource: zlib\nVersion: 1:1.2.13.dfsg-1\n",
      to: "var/lib/dpkg/status")
    let checks = PackageSurvey(root: root.path, loaded: ["/usr/lib/x86_64-linux-gnu/libz.so.1.2.13"]).checks()
    #expect(checks.first { $0.name == "package of zlib" }?.level == .good)
  }

  @Test(.enabled(if: ExternalCommand("dpkg-query") != nil, "no dpkg here: the running system is not looked at"))
  func `the versions of the running system are those that dpkg tells`() throws {
    let query = try #require(ExternalCommand("dpkg-query"))
    let checks = PackageSurvey().checks()
    #expect(checks.count == 6)
    for check in checks where check.level == .good || check.level == .warning {
      let words = check.finding.split(separator: " ")
      let version = try query.run(["-W", "-f", "${Version}", String(words[0])]).output
      #expect(words[1].trimmingSuffix(while: { $0 == "," }) == version, "\(check.finding)")
    }
  }
}

extension Substring {
  fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> Substring {
    var text = self
    while let last = text.last, isDropped(last) { text.removeLast() }
    return text
  }
}
