using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Cluster;

/// <summary>Passes requests on to the HTTP servers of a cluster's silos, over their Unix sockets: to the first silo that answers.</summary>
internal sealed class SiloForwarder(ProcessCluster cluster, Breakage breakage) : IDisposable
{
    // Tells the page that here is something to break.
    private const string FrontHeader = "X-OrleansCache-Front";

    private const int MaxBody = 1024 * 1024;

    // A silo that is paused by somebody else accepts connections and says nothing.
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(5);

    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "TE", "Trailer", "Proxy-Authenticate", "Proxy-Authorization",
        "Proxy-Connection",
    };

    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _ways = new();
    private string? _last;

    /// <summary>Passes a request on. One that changes something is not sent to a second silo once a first one has got it.</summary>
    public async Task ForwardAsync(HttpContext context)
    {
        var ending = context.RequestAborted;
        var body = await ReadBodyAsync(context.Request, ending).ConfigureAwait(false);
        if (body is null)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        var repeatable = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var problem = "no silo runs";
        foreach (var silo in Candidates())
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ending);
            if (repeatable)
                patience.CancelAfter(ReadPatience);
            try
            {
                using var request = RequestFor(context, body);
                using var response = await WayTo(silo).SendAsync(request, patience.Token).ConfigureAwait(false);
                patience.CancelAfter(Timeout.InfiniteTimeSpan);
                _last = silo.Name;
                await AnswerAsync(context, response, ending).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (!ending.IsCancellationRequested && !context.Response.HasStarted
                && error is HttpRequestException or OperationCanceledException or IOException)
            {
                problem = $"{silo.Name}: {error.GetBaseException().Message}";
                if (!repeatable && error is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
                    break;
            }
            catch (Exception error) when (context.Response.HasStarted && error is HttpRequestException or IOException)
            {
                // The silo was lost in the middle of its answer: the reader must not take what it has for the whole.
                context.Abort();
                return;
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }
        }

        context.Response.Headers.RetryAfter = "1";
        await TypedResults.Problem($"No silo of the cluster answers ({problem}).", statusCode: 503, title: "No silo").ExecuteAsync(context)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var way in _ways.Values)
            way.Dispose();
    }

    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken ending)
    {
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
            return [];
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, ending).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > MaxBody)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static HttpRequestMessage RequestFor(HttpContext context, byte[] body)
    {
        var from = context.Request;
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var address = new Uri($"http://silo{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new(from.Method), address) { Version = HttpVersion.Version11 };
        if (body.Length > 0 || from.ContentLength is not null)
            request.Content = new ByteArrayContent(body);
        foreach (var (name, value) in from.Headers)
        {
            if (HopByHop.Contains(name) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value);
        }

        request.Headers.Host = from.Host.Value;
        return request;
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer, CancellationToken ending)
    {
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!HopByHop.Contains(name))
                response.Headers[name] = new StringValues([.. values]);
        }

        response.Headers[FrontHeader] = "1";
        if (answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified || HttpMethods.IsHead(context.Request.Method))
            return;
        await response.StartAsync(ending).ConfigureAwait(false);
        await using var content = await answer.Content.ReadAsStreamAsync(ending).ConfigureAwait(false);
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, ending).ConfigureAwait(false)) > 0)
        {
            await response.Body.WriteAsync(buffer.AsMemory(0, read), ending).ConfigureAwait(false);
            await response.Body.FlushAsync(ending).ConfigureAwait(false);
        }
    }

    /// <summary>The silos that run, the one that answered last before the others.</summary>
    private IEnumerable<SiloProcess> Candidates() => cluster.Silos
        .Where(silo => !silo.Ended.IsCompleted && !breakage.IsPaused(silo.Name))
        .OrderBy(silo => silo.Name == _last ? 0 : 1);

    private HttpMessageInvoker WayTo(SiloProcess silo) => _ways.GetOrAdd(silo.HttpSocket, SiloSocket.Open);
}
