using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Http;

/// <summary>
/// Gives every error a <see cref="Problem"/> as its body: exceptions, and answers of the framework that have a status alone.
/// </summary>
internal sealed partial class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        Task answered;
        try
        {
            answered = next(context);
        }
        catch (Exception error)
        {
            return FailAsync(context, error);
        }

        // Most answers are complete by now: nothing is allocated for them.
        return answered.IsCompletedSuccessfully ? CompleteAsync(context) : AwaitAsync(context, answered);
    }

    /// <summary>Writes a problem as the answer.</summary>
    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (problem.Status is 503)
            response.Headers.RetryAfter = "1";
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Written.Problem);
        response.ContentType = Problems.ContentType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    private static Task CompleteAsync(HttpContext context)
    {
        var response = context.Response;
        return response.StatusCode < 400 || response.HasStarted || response.ContentType is not null || response.ContentLength > 0
            ? Task.CompletedTask
            : WriteAsync(context, Problems.Of(response.StatusCode, context.Request));
    }

    private async Task AwaitAsync(HttpContext context, Task answered)
    {
        try
        {
            await answered.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await FailAsync(context, error).ConfigureAwait(false);
            return;
        }

        await CompleteAsync(context).ConfigureAwait(false);
    }

    private Task FailAsync(HttpContext context, Exception error)
    {
        var (request, response) = (context.Request, context.Response);
        if (error is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
            return Task.CompletedTask;
        var problem = Problems.Of(error);
        if (problem is null)
        {
            LogFailed(request.Method, request.Path.Value ?? "", error);
            problem = Problems.Of(500, "internal", "The server has failed; its log says why.");
        }

        if (response.HasStarted)
        {
            // A part of the answer is on its way: only its abrupt end tells the caller that it is not whole.
            context.Abort();
            return Task.CompletedTask;
        }

        // What was set for another answer must not go out with this one.
        foreach (var name in (string[])["Age", "Cache-Control", "Cache-Status", "Content-Type", "Content-Length", "Location"])
            response.Headers.Remove(name);
        return WriteAsync(context, problem);
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "{Method} {Path} has failed")]
    private partial void LogFailed(string method, string path, Exception error);
}
