internal import ArgumentParser
internal import BatchProcessing
internal import Foundation

/// Runs a command and turns what it throws into one line on standard error and the exit code that says the same.
func reportingErrors(_ body: () async throws -> Void) async throws {
  do {
    try await body()
  } catch let error as ExitCode {
    throw error
  } catch let error as ValidationError {
    throw error
  } catch {
    let failure = BatchError(describing: error)
    Console.printNotice("bucky: \(failure)")
    throw ExitCode(failure.exitCode)
  }
}
