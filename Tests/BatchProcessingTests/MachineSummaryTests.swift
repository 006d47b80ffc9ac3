import BatchProcessing
import Testing

struct MachineSummaryTests {
  @Test func `the running machine has a processor, cores and memory`() {
    let machine = MachineSummary.current()
    #expect(machine.cores >= 1)
    #expect(machine.memoryGiB > 0)
    #expect(Set(machine.features).isSubset(of: Set(MachineSummary.instructionSets)))
  }
}
