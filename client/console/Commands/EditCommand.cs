using System.CommandLine;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;
using OrleansCache.Client;

namespace OrleansCache.Cli.Commands;

/// <summary>What the commands that change a book have in common: what is asked of the edit, and what is shown when somebody else's stands in its way.</summary>
internal abstract class EditCommand : ConsoleCommand
{
    private readonly Argument<string> _key = new(Names.Key) { Description = "The book's key, such as book::1984." };

    private readonly Option<long?> _expect = new("--expect")
    {
        Description = "Only while the book has this version, as lookup shows it.",
        HelpName = "VERSION",
    };

    private readonly Option<Guid?> _id = new("--id") { Description = "Repeats an edit whose outcome was unknown: the id that its error named.", HelpName = "ID" };

    protected EditCommand(string name, string description)
        : base(name, description) => Add(_key);

    public sealed override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var key = CacheKey.Validate(parsed.GetRequiredValue(_key));
        var expected = parsed.GetValue(_expect);
        if (expected < 0)
            return scope.Fail(ExitCode.BadUsage, $"--expect is {expected}; versions count from 1, and 0 stands for no book.", Usage.Hint(this));
        var asked = new EditOptions { ExpectedVersion = expected, Id = parsed.GetValue(_id) };
        if (asked.Id == Guid.Empty)
            return scope.Fail(ExitCode.BadUsage, "--id is all zeros, which is no edit's id.", Usage.Hint(this));
        if (Objection(parsed, asked) is { } objection)
            return scope.Fail(ExitCode.BadUsage, objection, Usage.Hint(this));
        // Made before there is a session: what cannot be used is sent nowhere and starts nothing.
        var edit = Prepare(parsed, key, asked);
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        EditReceipt receipt;
        try
        {
            receipt = await edit(session.Cache, cancellation).ConfigureAwait(false);
        }
        catch (EditConflictException conflict)
        {
            scope.Output.Error(new(ExitCode.Conflict, conflict.Message) { Current = await CurrentAsync(session, key, cancellation).ConfigureAwait(false) });
            return ExitCode.Conflict;
        }

        var missing = receipt.Outcome is EditOutcome.Unchanged && RemovesBook;
        scope.Output.Write(EditReport.Of(receipt, missing));
        return missing ? ExitCode.NotFound : ExitCode.Done;
    }

    /// <summary>The options that every edit has; after the command's own.</summary>
    protected void AddCommonOptions()
    {
        Add(_expect);
        Add(_id);
    }

    /// <summary>Why the edit cannot be asked for like this, or null.</summary>
    protected virtual string? Objection(ParseResult parsed, EditOptions asked) => null;

    /// <summary>Whether an edit that changed nothing found no book to remove.</summary>
    protected virtual bool RemovesBook => false;

    /// <summary>Makes the edit ready to be sent.</summary>
    /// <exception cref="InvalidPayloadException">What was typed is no book.</exception>
    protected abstract Func<IBookCache, CancellationToken, Task<EditReceipt>> Prepare(ParseResult parsed, string key, EditOptions asked);

    private static async Task<LookupEntry?> CurrentAsync(ISession session, string key, CancellationToken cancellation)
    {
        try
        {
            return LookupEntry.Of(await session.Cache.GetAsync(key, new GetOptions { Fresh = true }, cancellation).ConfigureAwait(false));
        }
        catch (CacheException)
        {
            // The conflict itself says which version stood in the way.
            return null;
        }
    }
}
