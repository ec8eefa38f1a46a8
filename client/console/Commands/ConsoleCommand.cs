using System.CommandLine;

namespace OrleansCache.Cli.Commands;

/// <summary>A command of the console.</summary>
internal abstract class ConsoleCommand(string name, string description) : Command(name, description)
{
    /// <summary>Does the work and writes one answer.</summary>
    /// <returns>The exit code; see <see cref="ExitCode"/>.</returns>
    public abstract Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation);
}
