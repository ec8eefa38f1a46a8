using System.CommandLine;
using OrleansCache.Client;

namespace OrleansCache.Cli.Commands;

/// <summary><c>remove KEY [--expect VERSION]</c></summary>
internal sealed class RemoveCommand : EditCommand
{
    public RemoveCommand()
        : base("remove", "Removes a book from the catalog and from every cache; exit code 1 when there is no such book.") => AddCommonOptions();

    protected override bool RemovesBook => true;

    protected override Func<IBookCache, CancellationToken, Task<EditReceipt>> Prepare(ParseResult parsed, string key, EditOptions asked) =>
        (cache, cancellation) => cache.RemoveAsync(key, asked, cancellation);
}
