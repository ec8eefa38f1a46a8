using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>What operators change: the nodes of a region, and entries that are dropped.</summary>
internal sealed partial class OperatorEndpoints(ICacheOperations operations, ILogger<OperatorEndpoints> logger)
{
    private const long MaxBodyBytes = 512 * 1024;
    private const int MaxKeys = 1_000;

    /// <summary>POST <c>/v1/regions/{region}/nodes</c>.</summary>
    public async Task AddNodeAsync(HttpContext context)
    {
        var region = RegionEndpoints.RouteOf(context);
        var node = await JsonBody.ReadAsync(context, ApiJson.Written.NewNodeDocument, MaxBodyBytes).ConfigureAwait(false);
        var ring = await ChangeAsync(
            context,
            region,
            node.Name,
            mustExist: false,
            cancellation => operations.AddNodeAsync(region, node.Name, node.Connection, node.Weight, cancellation)).ConfigureAwait(false);
        LogNode(CallerOf(context), "added", node.Name, region);
        await JsonBody.WriteAsync(context, RingDocument.Of(ring), ApiJson.Written.RingDocument, 201).ConfigureAwait(false);
    }

    /// <summary>PATCH <c>/v1/regions/{region}/nodes/{node}</c>.</summary>
    public async Task WeighNodeAsync(HttpContext context)
    {
        var (region, node) = (RegionEndpoints.RouteOf(context), NodeOf(context));
        var document = await JsonBody.ReadAsync(context, ApiJson.Written.WeightDocument, MaxBodyBytes).ConfigureAwait(false);
        var ring = await ChangeAsync(
            context,
            region,
            node,
            mustExist: true,
            cancellation => operations.SetNodeWeightAsync(region, node, document.Weight, cancellation)).ConfigureAwait(false);
        LogNode(CallerOf(context), "weighed", node, region);
        await JsonBody.WriteAsync(context, RingDocument.Of(ring), ApiJson.Written.RingDocument).ConfigureAwait(false);
    }

    /// <summary>DELETE <c>/v1/regions/{region}/nodes/{node}</c>.</summary>
    public async Task RemoveNodeAsync(HttpContext context)
    {
        var (region, node) = (RegionEndpoints.RouteOf(context), NodeOf(context));
        var ring = await ChangeAsync(
            context,
            region,
            node,
            mustExist: true,
            cancellation => operations.RemoveNodeAsync(region, node, cancellation)).ConfigureAwait(false);
        LogNode(CallerOf(context), "removed", node, region);
        await JsonBody.WriteAsync(context, RingDocument.Of(ring), ApiJson.Written.RingDocument).ConfigureAwait(false);
    }

    /// <summary>POST <c>/v1/regions/{region}/purge</c>.</summary>
    public async Task PurgeAsync(HttpContext context)
    {
        var region = RegionEndpoints.RouteOf(context);
        var keys = (await JsonBody.ReadAsync(context, ApiJson.Written.PurgeRequestDocument, MaxBodyBytes).ConfigureAwait(false)).Keys;
        if (keys is { Count: 0 or > MaxKeys })
        {
            throw new RequestException(
                400, "invalid-parameter", $"{keys.Count} keys are given; give 1 to {MaxKeys}, or {{}} for all of the region.");
        }

        var purge = await operations.PurgeAsync(region, keys, context.RequestAborted).ConfigureAwait(false);
        LogPurge(CallerOf(context), keys is null ? "all entries" : $"{keys.Count} keys", region);
        await JsonBody.WriteAsync(context, PurgeDocument.Of(purge), ApiJson.Written.PurgeDocument).ConfigureAwait(false);
    }

    private static string NodeOf(HttpContext context) => (string)context.Request.RouteValues["node"]!;

    private static string CallerOf(HttpContext context) => context.User.Identity?.Name ?? "(anybody)";

    /// <summary>Changes the ring. An error says whether the node is there already, is not there, or the change itself is wrong.</summary>
    private async Task<RegionRing> ChangeAsync(
        HttpContext context, string region, string node, bool mustExist, Func<CancellationToken, Task<RegionRing>> change)
    {
        try
        {
            return await change(context.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidTopologyException error)
        {
            var ring = await operations.GetRingAsync(region, context.RequestAborted).ConfigureAwait(false);
            if (ring.Nodes.Any(known => known.Name == node) == mustExist)
                throw;
            throw mustExist
                ? new RequestException(404, "unknown-node", error.Message, error)
                : new RequestException(409, "node-exists", error.Message, error);
        }
    }

    [LoggerMessage(EventId = 2003, Level = LogLevel.Information, Message = "{Caller} has {Change} the node {Node} of {Region}")]
    private partial void LogNode(string caller, string change, string node, string region);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Information, Message = "{Caller} has dropped {What} of {Region}")]
    private partial void LogPurge(string caller, string what, string region);
}
