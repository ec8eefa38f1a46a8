using Microsoft.Extensions.Options;
using OrleansCache.Tls;

namespace OrleansCache.Client;

/// <summary>Rejects, at start, options that cannot work; each message names its option.</summary>
internal sealed class CacheClientOptionsValidator : IValidateOptions<CacheClientOptions>
{
    public ValidateOptionsResult Validate(string? name, CacheClientOptions options)
    {
        var errors = new List<string>();
        Duration(nameof(options.AttemptBudget), options.AttemptBudget);
        Duration(nameof(options.ConnectDeadline), options.ConnectDeadline);
        Duration(nameof(options.OperationTimeout), options.OperationTimeout);
        Duration(nameof(options.EditDeadline), options.EditDeadline);
        if (options.NearCacheBytes < 0)
            errors.Add($"NearCacheBytes is {options.NearCacheBytes}; it must be 0, for no near cache, or more.");
        if (options.Deadline < options.AttemptBudget)
            errors.Add(
                $"Deadline is {options.Deadline}, shorter than AttemptBudget ({options.AttemptBudget}); one attempt must fit into it.");
        if (options.MaxLookupsInFlight < 1)
            errors.Add($"MaxLookupsInFlight is {options.MaxLookupsInFlight}; it must be at least 1.");
        if (options.MaxLookupsWaiting < 0)
            errors.Add($"MaxLookupsWaiting is {options.MaxLookupsWaiting}; it must be 0 or more.");
        if (options.Slots is < 1 or > 4_096)
            errors.Add($"Slots is {options.Slots}; it must be from 1 to 4,096 and the same as the silos'.");
        if (!OperatorToken.IsValid(options.OperatorToken))
            errors.Add($"OperatorToken is shorter than {OperatorToken.MinLength} characters; give the one that the silos have.");
        if (string.IsNullOrWhiteSpace(options.ClusterId))
            errors.Add("ClusterId is empty; give the cluster's id.");
        if (string.IsNullOrWhiteSpace(options.ServiceId))
            errors.Add("ServiceId is empty; give the service's id.");
        errors.AddRange(TlsCertificates.Problems(options.Tls, "Tls"));
        Regions();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Duration(string option, TimeSpan value)
        {
            if (value <= TimeSpan.Zero)
                errors.Add($"{option} is {value}; it must be longer than zero.");
        }

        void Regions()
        {
            try
            {
                options.ToRegionMap();
            }
            catch (InvalidTopologyException error)
            {
                errors.Add($"Regions and Home: {error.Message}");
            }

            for (var i = 0; i < options.Regions.Count; i++)
            {
                var region = options.Regions[i];
                if (region.Gateways.Count == 0 && string.IsNullOrWhiteSpace(options.Clustering.Redis))
                {
                    errors.Add(
                        $"Regions:{i}:Gateways is empty, and so is Clustering:Redis; give the gateways of \"{region.Name}\" as host:port, "
                        + "or the clustering Redis in which its silos are found.");
                }

                foreach (var gateway in region.Gateways.Where(text => !HostAddress.TryParse(text, out _)))
                    errors.Add($"Regions:{i}:Gateways has \"{gateway}\", which is not host:port.");
            }
        }
    }
}
