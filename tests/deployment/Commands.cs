using OrleansCache.LocalClusters;

namespace OrleansCache.Deployment.Tests;

/// <summary>Runs command lines.</summary>
internal static class Commands
{
    /// <summary>Starts a command in a folder.</summary>
    public static Task<GuardedProcess> StartAsync(string folder, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null) =>
        GuardedProcess.StartAsync(new() { Command = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder, .. command], Environment = environment ?? new Dictionary<string, string>() });

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string folder, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var process = await StartAsync(folder, command, environment);
        var code = await process.Ended;
        return (code, string.Join(Environment.NewLine, process.Lines));
    }
}
