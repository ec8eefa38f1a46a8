using System.CommandLine;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;
using OrleansCache.Client;

namespace OrleansCache.Cli.Commands;

/// <summary><c>lookup KEY… [--region R] [--fresh]</c></summary>
internal sealed class LookupCommand : ConsoleCommand
{
    private readonly Argument<string[]> _keys = new(Names.Key)
    {
        Description = "Keys of books, such as book::1984.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _region = new("--region", "-r")
    {
        Description = "The reader's region; without it the book's key picks one.",
        HelpName = Names.Region,
    };

    private readonly Option<bool> _fresh = new("--fresh") { Description = "Read the catalog, bypassing every cache." };

    private readonly Option<bool> _refuse = new("--refuse-flagged") { Description = "Fail instead of giving a flagged answer." };

    public LookupCommand()
        : base("lookup", "Looks books up and says where each answer came from.")
    {
        Add(_keys);
        Add(_region);
        Add(_fresh);
        Add(_refuse);
    }

    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var keys = parsed.GetValue(_keys)!;
        foreach (var key in keys)
            BookKey.Of(key);
        var options = new GetOptions
        {
            Region = parsed.GetValue(_region),
            Fresh = parsed.GetValue(_fresh),
            RequireCoherent = parsed.GetValue(_refuse),
        };
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        var entries = await Task.WhenAll(keys.Select(key => LookUpAsync(session, key, options, cancellation))).ConfigureAwait(false);
        var report = new LookupReport(entries);
        scope.Output.Write(report);
        return report.ExitCode;
    }

    private static async Task<LookupEntry> LookUpAsync(ISession session, string key, GetOptions options, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            var result = await session.Cache.GetAsync(key, options, cancellation).ConfigureAwait(false);
            var hint = result.Found ? null : await KeyHint.ForAsync(session.Cache, key, options, cancellation).ConfigureAwait(false);
            return LookupEntry.Of(result, hint);
        }
        catch (LookupFailedException error)
        {
            return new() { Key = key, Error = error.Message, Elapsed = TimeProvider.System.GetElapsedTime(started) };
        }
    }
}
