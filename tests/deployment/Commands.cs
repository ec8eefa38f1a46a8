using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Deployment.Tests;

/// <summary>Runs command lines.</summary>
internal static class Commands
{
    // Processes that start while others use the machine take a multiple of their usual second.
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Starts a command in a folder.</summary>
    public static Task<GuardedProcess> StartAsync(
        string folder, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null) =>
        GuardedProcess.StartAsync(new()
        {
            Command = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder, .. command],
            Environment = environment ?? new Dictionary<string, string>(),
        });

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(
        string folder, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var process = await StartAsync(folder, command, environment);
        var code = await process.Ended.WaitAsync(Patience);
        return (code, string.Join(Environment.NewLine, process.Lines));
    }

    /// <summary>
    /// Repeats a command until its code and output are the expected ones: a cluster that has just started on a busy machine may miss the
    /// deadline of a lookup, or answer from another region.
    /// </summary>
    public static async Task UntilAsync(Func<Task<(int Code, string Output)>> run, params string[] expected)
    {
        var last = "it did not end";
        try
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    var (code, output) = await run();
                    last = $"code {code}: {output}";
                    return code == 0 && expected.All(text => output.Contains(text, StringComparison.Ordinal));
                },
                "the command succeeds");
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message}; the last time: {last}", error);
        }
    }
}
