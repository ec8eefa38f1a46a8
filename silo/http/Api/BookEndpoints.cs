using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary><c>/v1/books/{key}</c>: looks up, writes and removes one book.</summary>
internal sealed partial class BookEndpoints(
    IBookCache books, LookupQuery queries, BookForms forms, ILocalSilo silo, ILogger<BookEndpoints> logger)
{
    private const string Prefix = "/v1/books/";

    /// <summary>What JSON may add to the 64 KiB of a book: its key, and letters that are escaped where they need not be.</summary>
    private const long MaxBodyBytes = BookPayload.MaxBytes + (8 * 1024);

    /// <summary>GET and HEAD. An answer of the near cache is written without anything being awaited or made anew.</summary>
    public Task GetAsync(HttpContext context)
    {
        var key = RequestTarget.KeyOf(context, Prefix);
        var options = queries.Read(context.Request);
        var lookup = books.GetAsync(key, options, context.RequestAborted);
        return lookup.IsCompletedSuccessfully
            ? WriteAsync(context, lookup.GetAwaiter().GetResult(), options)
            : AwaitAsync(context, lookup, options);
    }

    /// <summary>PUT.</summary>
    public async Task PutAsync(HttpContext context)
    {
        var key = RequestTarget.KeyOf(context, Prefix);
        var kept = BookKey.Of(key);
        var options = EditConditions.Read(context.Request.Headers, isRemoval: false);
        var document = await JsonBody.ReadAsync(context, ApiJson.Written.BookDocument, MaxBodyBytes).ConfigureAwait(false);
        if (document.Key is { } named && BookKey.Of(named) != kept)
        {
            throw new RequestException(
                400, "invalid-book", $"The body is the book \"{named}\", and the path says \"{key}\"; leave the key of the body out.");
        }

        var receipt = await EditAsync(
            context, key, options, cancellation => books.PutAsync(key, document.ToBook(), options, cancellation)).ConfigureAwait(false);
        var isNew = receipt.Outcome is EditOutcome.Created;
        context.Response.Headers.ETag = EntityTag.Of(receipt.Version, receipt.Tag);
        if (isNew)
            context.Response.Headers.Location = RequestTarget.PathOfKey(receipt.Key);
        await JsonBody.WriteAsync(context, EditDocument.Of(receipt), ApiJson.Written.EditDocument, isNew ? 201 : 200).ConfigureAwait(false);
    }

    /// <summary>DELETE.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        var key = RequestTarget.KeyOf(context, Prefix);
        _ = BookKey.Of(key);
        var options = EditConditions.Read(context.Request.Headers, isRemoval: true);
        var receipt = await EditAsync(
            context, key, options, cancellation => books.RemoveAsync(key, options, cancellation)).ConfigureAwait(false);
        if (receipt.Outcome is EditOutcome.Unchanged)
            throw new RequestException(404, "not-found", $"There is no book \"{key}\"; nothing was removed.");
        await JsonBody.WriteAsync(context, EditDocument.Of(receipt), ApiJson.Written.EditDocument).ConfigureAwait(false);
    }

    private async Task<EditReceipt> EditAsync(
        HttpContext context, string key, EditOptions options, Func<CancellationToken, Task<EditReceipt>> edit)
    {
        try
        {
            var receipt = await edit(context.RequestAborted).ConfigureAwait(false);
            LogEdit(context.User.Identity?.Name ?? "(anybody)", receipt.Outcome, key, receipt.Version);
            return receipt;
        }
        catch (OutcomeUnknownException error)
        {
            throw new RequestException(504, "outcome-unknown", error.Message, error) { EditId = options.Id };
        }
        catch (EditConflictException)
        {
            await NameCurrentAsync(context, key).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The entity tag that the next attempt needs. What the conflict says may be a removal, so it is looked up.</summary>
    private async Task NameCurrentAsync(HttpContext context, string key)
    {
        try
        {
            var current = await books.GetAsync(key, new() { Region = silo.Region }, context.RequestAborted).ConfigureAwait(false);
            if (current.Found)
                context.Response.Headers.ETag = EntityTag.Of(current.Version, current.Tag);
        }
        catch (CacheException)
        {
            // The conflict is what counts; its author looks the book up in any case.
        }
    }

    private async Task AwaitAsync(HttpContext context, ValueTask<LookupResult> lookup, GetOptions options)
    {
        LookupResult result;
        try
        {
            result = await lookup.ConfigureAwait(false);
        }
        catch (LookupFailedException error) when (options.RequireCoherent)
        {
            throw new RequestException(504, "flagged-answer", error.Message, error);
        }

        await WriteAsync(context, result, options).ConfigureAwait(false);
    }

    private Task WriteAsync(HttpContext context, LookupResult result, GetOptions options)
    {
        var response = context.Response;
        var headers = response.Headers;
        headers.Age = ((long)result.Age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        // A lease ends with an edit; a copy in a browser or proxy would not.
        headers.CacheControl = "no-cache";
        headers["Cache-Status"] = CacheStatus.Of(result, options.Fresh);
        headers["X-OrleansCache-Tier"] = CacheStatus.NameOf(result.Tier);
        headers["X-OrleansCache-Region"] = result.Region;
        if (result.Node is { } node)
            headers["X-OrleansCache-Node"] = node;
        if (result.Flags is not LookupFlags.None)
            headers["X-OrleansCache-Flags"] = CacheStatus.NamesOf(result.Flags);
        if (result.Book is not { } book)
            return WriteMissingAsync(context, result);
        var form = forms.Of(result, book);
        headers.ETag = form.ETag;
        if (context.Request.Headers.IfNoneMatch is { Count: > 0 } known && EntityTag.IsIn(known, form.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = JsonBody.ContentType;
        response.ContentLength = form.Body.Length;
        if (HttpMethods.IsHead(context.Request.Method))
            return Task.CompletedTask;
        var written = response.BodyWriter.WriteAsync(form.Body);
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }

    private static Task WriteMissingAsync(HttpContext context, LookupResult result)
    {
        var problem = Problems.Of(404, "not-found", $"There is no book \"{result.Key}\".");
        return ProblemAnswers.WriteAsync(context, problem);
    }

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "{Caller} has {Outcome} {Key}, version {Version}")]
    private partial void LogEdit(string caller, EditOutcome outcome, string key, long version);
}
