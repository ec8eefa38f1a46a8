using OrleansCache.Distance.Clients;
using OrleansCache.Distance.Measuring;

namespace OrleansCache.Distance;

/// <summary>
/// What this assembly does when it is run and not tested: it is a client on a host of a network with distance, or it measures a cluster on
/// such a network. Both stand with the tests because they share the clusters and clients of the tests, which assert the same figures.
/// </summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args switch
    {
        [DistantClient.Word, .. var rest] => ClientProgram.RunAsync(rest),
        [MeasuringProgram.Word, .. var rest] => MeasuringProgram.RunAsync(rest),
        _ => ExplainAsync(),
    };

    private static async Task<int> ExplainAsync()
    {
        await Console.Error.WriteLineAsync(
            $"""
            {MeasuringProgram.Help}

            {ClientProgram.Help}
            """);
        return 2;
    }
}
