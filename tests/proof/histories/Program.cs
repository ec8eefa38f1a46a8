using OrleansCache.Proof.Faults;
using OrleansCache.Proof.Processes;
using OrleansCache.Silo.Startup;

namespace OrleansCache.Proof;

/// <summary>
/// The tests' own processes are this assembly, too: clients that write down what they see, and silos that are the silo program with faults
/// in its way, which it does when it is ordered to.
/// </summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args is [ClientProcess.Command, .. var rest]
        ? ClientProgram.RunAsync(rest)
        : new SiloProgram(Console.Out, Console.Error, FaultyServices.Add).RunAsync(args);
}
