using OrleansCache.Proof.Faults;
using OrleansCache.Proof.Processes;
using OrleansCache.Silo.Startup;

namespace OrleansCache.Proof;

/// <summary>
/// The tests start this assembly as processes: clients that record their calls, and silos, which are the silo program with fault injection.
/// </summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args is [ClientProcess.Command, .. var rest]
        ? ClientProgram.RunAsync(rest)
        : new SiloProgram(Console.Out, Console.Error, FaultyServices.Add).RunAsync(args);
}
