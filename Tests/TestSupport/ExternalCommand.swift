internal import Foundation

/// A program run as a user would run it: arguments in, output and exit status out.
package struct ExternalCommand: Sendable {
  package let path: String

  /// What a run left behind.
  package struct Result: Sendable {
    package let status: Int32
    /// Whether `status` is the number of the signal that killed it.
    package let wasKilled: Bool
    package let output: String
    package let errors: String

    /// Standard output, then standard error.
    package var text: String { output + errors }
  }

  /// `nil` when `name` is on no directory of `PATH`.
  package init?(_ name: String) {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard let found = directories.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile)
    else { return nil }
    path = found
  }

  package init(path: String) {
    self.path = path
  }

  /// Runs to the end, or is killed after `seconds`.
  ///
  /// - Parameter watch: Called with the process's number again and again while it runs.
  package func run(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil, seconds: Double = .infinity,
    watch: ((Int32) -> Void)? = nil
  ) throws -> Result {
    let files = try TemporaryFolder()
    let (process, handles) = try start(arguments, environment: environment, input: input, files: files)
    let began = ContinuousClock.now
    while let watch, process.isRunning {
      watch(process.processIdentifier)
      Thread.sleep(forTimeInterval: 0.01)
      if (ContinuousClock.now - began) / .seconds(1) > seconds { kill(process.processIdentifier, SIGKILL) }
    }
    process.waitUntilExit()
    for handle in handles { try handle.close() }
    return try result(of: process, files)
  }

  /// Starts the program, lets `isTime` watch it, and sends it a signal: SIGKILL, without warning, unless told otherwise.
  @discardableResult
  package func run(
    _ arguments: [String], environment: [String: String] = [:], signalling number: Int32 = SIGKILL,
    when isTime: () -> Bool
  ) throws -> Result {
    let files = try TemporaryFolder()
    let (process, handles) = try start(arguments, environment: environment, input: nil, files: files)
    while process.isRunning && !isTime() { Thread.sleep(forTimeInterval: 0.002) }
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    for handle in handles { try handle.close() }
    return try result(of: process, files)
  }

  private func result(of process: Process, _ files: TemporaryFolder) throws -> Result {
    Result(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      output: String(decoding: try files.read("output"), as: UTF8.self),
      errors: String(decoding: try files.read("errors"), as: UTF8.self))
  }

  /// Output goes to files, so that a program that writes a lot never waits for a reader.
  private func start(
    _ arguments: [String], environment: [String: String], input: String?, files: TemporaryFolder
  ) throws -> (Process, [FileHandle]) {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    // What a program keeps for its user does not leave the test.
    let own = ProcessInfo.processInfo.environment.merging(["BUCKY_CACHE": files.path("cache")]) { _, new in new }
    process.environment = own.merging(environment) { _, new in new }
    let output = try handle(files.write("", to: "output"))
    let errors = try handle(files.write("", to: "errors"))
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle(forReadingAtPath: try files.write(input ?? "", to: "input"))
    try process.run()
    return (process, [output, errors])
  }

  private func handle(_ path: String) throws -> FileHandle {
    try FileHandle(forWritingTo: URL(filePath: path))
  }
}

/// The programs of this package, as the build made them.
package enum BuiltProduct {
  /// The `bucky` that was built together with the running tests.
  package static let bucky = ExternalCommand(path: folder + "/bucky")
  /// What can be done inside the sandbox of a decoder child.
  package static let sandboxProbe = ExternalCommand(path: folder + "/sandboxprobe")

  private static var folder: String {
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(filePath: bundle).deletingLastPathComponent().path
    if FileManager.default.fileExists(atPath: beside + "/bucky") { return beside }
    // `swift test` may load the tests into a runner of the toolchain; then the products lie where the build put them.
    return CommandLine.arguments.first.map { URL(filePath: $0).deletingLastPathComponent().path } ?? beside
  }
}
