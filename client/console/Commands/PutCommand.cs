using System.CommandLine;
using OrleansCache.Client;

namespace OrleansCache.Cli.Commands;

/// <summary><c>put KEY --title T [--author A] [--year Y] [--genre G] [--isbn I] [--description D] [--expect VERSION] [--new]</c></summary>
internal sealed class PutCommand : EditCommand
{
    private readonly Option<string> _title = new("--title", "-t") { Description = "The title.", HelpName = "T", Required = true };
    private readonly Option<string?> _author = new("--author", "-a") { Description = "The author, or several joined by \"; \".", HelpName = "A" };
    private readonly Option<int?> _year = new("--year", "-y") { Description = "The year of first publication; negative before Christ.", HelpName = "Y" };
    private readonly Option<string?> _genre = new("--genre", "-g") { Description = "The genre.", HelpName = "G" };
    private readonly Option<string?> _isbn = new("--isbn") { Description = "The ISBN.", HelpName = "I" };
    private readonly Option<string?> _description = new("--description", "-d") { Description = "A short description.", HelpName = "D" };
    private readonly Option<bool> _new = new("--new") { Description = "Only while there is no such book." };

    public PutCommand()
        : base("put", "Writes a book, new or not, as a whole. When it is done, every lookup in every region sees it.")
    {
        foreach (var option in new Option[] { _title, _author, _year, _genre, _isbn, _description })
            Add(option);
        AddCommonOptions();
        Add(_new);
    }

    protected override string? Objection(ParseResult parsed, EditOptions asked) => parsed.GetValue(_new) && asked.ExpectedVersion is { } version
        ? $"--new and --expect {version} exclude each other: a book that is new has no version yet."
        : null;

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
