using System.Net;
using OrleansCache.Engine.Routing;

namespace OrleansCache.Engine.Membership;

/// <summary>The gateways of the active silos that the membership table names. While it cannot be read, those that it named last.</summary>
internal sealed class MembershipGateways(IMembershipTable table, GatewayFilter? filter, TimeSpan period, TimeProvider time) : IGatewayList
{
    /// <summary>A client that finds no gateway looks more often, but does not flood the table.</summary>
    private static readonly TimeSpan UrgentPeriod = TimeSpan.FromMilliseconds(250);
    private readonly SemaphoreSlim _reading = new(1);
    private volatile IReadOnlyCollection<IPEndPoint> _known = [];
    private long _readAt;
    private bool _hasTried;

    public async ValueTask<IReadOnlyCollection<IPEndPoint>> GetAsync(bool isUrgent, CancellationToken token)
    {
        await _reading.WaitAsync(token);
        try
        {
            var age = time.GetElapsedTime(_readAt);
            if (_hasTried && age < period && (!isUrgent || age < UrgentPeriod)) return _known;
            _hasTried = true;
            _readAt = time.GetTimestamp();
            var state = await table.ReadAsync(token);
            var found = state.Rows.Values.Where(row => row.Status == SiloStatus.Active && (filter?.Accepts(row.Name) ?? true)).Select(row => row.Gateway).OfType<IPEndPoint>().ToArray();

            // A table that was lost is about to be written anew; its silos are still where they were.
            if (state.Version > 0) _known = found;
        }
        catch (MembershipUnavailableException) when (_known.Count > 0)
        {
            // The silos that are known go on.
        }
        finally
        {
            _reading.Release();
        }

        return _known;
    }
}
