using System.CommandLine;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;
using OrleansCache.Client;

namespace OrleansCache.Cli.Commands;

/// <summary>The common part of the commands that change a book: the conditions of the edit, and the report of a conflict.</summary>
internal abstract class EditCommand : ConsoleCommand
{
    private readonly Argument<string> _key = new(Names.Key) { Description = "The book's key, such as book::1984." };

    private readonly Option<long?> _expect = new("--expect")
    {
        Description = "Only if the book has this version, as lookup shows it.",
        HelpName = "VERSION",
    };

    private readonly Option<Guid?> _id = new("--id")
    {
        Description = "Repeats an edit whose outcome was unknown: the id that its error named.",
        HelpName = "ID",
    };

    protected EditCommand(string name, string description)
        : base(name, description) => Add(_key);

    public sealed override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var key = parsed.GetRequiredValue(_key);
        var kept = BookKey.Of(key);
        var expected = parsed.GetValue(_expect);
        var asked = new EditOptions { ExpectedVersion = expected, Id = parsed.GetValue(_id) };
        var objection =
            expected < 0 ? $"--expect is {expected}; versions count from 1, and 0 stands for no book."
            : asked.Id == Guid.Empty ? "--id is all zeros, which is no edit's id."
            : Objection(parsed, asked);
        if (objection is not null)
            return scope.Fail(ConsoleExitCode.BadUsage, objection, Usage.Hint(this));
        // Before there is a session, so that invalid input does not start a cluster.
        var edit = Prepare(parsed, key, asked);
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        EditReceipt receipt;
        try
        {
            receipt = await edit(session.Cache, cancellation).ConfigureAwait(false);
        }
        catch (EditConflictException conflict)
        {
            var current = await CurrentAsync(session, key, cancellation).ConfigureAwait(false);
            scope.Output.Error(new(ConsoleExitCode.Conflict, conflict.Message) { Current = current });
            return ConsoleExitCode.Conflict;
        }

        var missing = receipt.Outcome is EditOutcome.Unchanged && RemovesBook;
        scope.Output.Write(EditReport.Of(receipt, missing) with { Hint = HintFor(kept) });
        return missing ? ConsoleExitCode.NotFound : ConsoleExitCode.Done;
    }

    /// <summary>Adds the options that all edits have, after the command's own.</summary>
    protected void AddCommonOptions()
    {
        Add(_expect);
        Add(_id);
    }

    /// <summary>Why the options contradict each other; null if they do not.</summary>
    protected virtual string? Objection(ParseResult parsed, EditOptions asked) => null;

    /// <summary>Whether an unchanged outcome means that there was no book to remove.</summary>
    protected virtual bool RemovesBook => false;

    /// <summary>What the author of the edit should know of its key; null if nothing.</summary>
    protected virtual string? HintFor(string key) => null;

    /// <summary>Validates the input and returns the edit, to be sent later.</summary>
    /// <exception cref="InvalidPayloadException">The options do not make a valid book.</exception>
    protected abstract Func<IBookCache, CancellationToken, Task<EditReceipt>> Prepare(ParseResult parsed, string key, EditOptions asked);

    private static async Task<LookupEntry?> CurrentAsync(ISession session, string key, CancellationToken cancellation)
    {
        try
        {
            return LookupEntry.Of(await session.Cache.GetAsync(key, new GetOptions { Fresh = true }, cancellation).ConfigureAwait(false));
        }
        catch (CacheException)
        {
            // The conflict's message names the version; the book is shown only if it can be read.
            return null;
        }
    }
}

/// <summary><c>put KEY --title T [--author A] [--year Y] [--genre G] [--isbn I] [--description D] [--expect VERSION] [--new]</c></summary>
internal sealed class PutCommand : EditCommand
{
    private readonly Option<string> _title = new("--title", "-t") { Description = "The title.", HelpName = "T", Required = true };
    private readonly Option<string?> _author = new("--author", "-a")
    {
        Description = "The author, or several joined by \"; \".",
        HelpName = "A",
    };

    private readonly Option<int?> _year = new("--year", "-y")
    {
        Description = "The year of first publication; negative before Christ.",
        HelpName = "Y",
    };

    private readonly Option<string?> _genre = new("--genre", "-g") { Description = "The genre.", HelpName = "G" };
    private readonly Option<string?> _isbn = new("--isbn") { Description = "The ISBN.", HelpName = "I" };
    private readonly Option<string?> _description = new("--description", "-d") { Description = "A short description.", HelpName = "D" };
    private readonly Option<bool> _new = new("--new") { Description = "Only if there is no such book." };

    public PutCommand()
        : base("put", "Writes a whole book, new or not. When it returns, every lookup in every region sees it.")
    {
        foreach (var option in new Option[] { _title, _author, _year, _genre, _isbn, _description })
            Add(option);
        AddCommonOptions();
        Add(_new);
    }

    protected override string? Objection(ParseResult parsed, EditOptions asked) =>
        parsed.GetValue(_new) && asked.ExpectedVersion is { } version
            ? $"--new and --expect {version} exclude each other: a new book has no version yet."
            : null;

    protected override string? HintFor(string key) => key.StartsWith(BookKey.Prefix, StringComparison.Ordinal)
        ? null
        : $"The key has no \"{BookKey.Prefix}\" before it, which the keys of imported books have; look it up as \"{key}\".";

    protected override Func<IBookCache, CancellationToken, Task<EditReceipt>> Prepare(ParseResult parsed, string key, EditOptions asked)
    {
        var book = new Book(
            parsed.GetValue(_title) ?? "",
            parsed.GetValue(_author) ?? "",
            parsed.GetValue(_year),
            Given(parsed.GetValue(_genre)),
            Given(parsed.GetValue(_isbn)),
            Given(parsed.GetValue(_description)));
        _ = BookPayload.Encode(book);
        var options = asked with { CreateOnly = parsed.GetValue(_new) };
        return (cache, cancellation) => cache.PutAsync(key, book, options, cancellation);
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary><c>remove KEY [--expect VERSION]</c></summary>
internal sealed class RemoveCommand : EditCommand
{
    public RemoveCommand()
        : base("remove", "Removes a book from the catalog and from every cache; exit code 1 if there is no such book.") =>
        AddCommonOptions();

    protected override bool RemovesBook => true;

    protected override Func<IBookCache, CancellationToken, Task<EditReceipt>> Prepare(ParseResult parsed, string key, EditOptions asked) =>
        (cache, cancellation) => cache.RemoveAsync(key, asked, cancellation);
}
