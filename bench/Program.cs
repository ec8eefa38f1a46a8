using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using OrleansCache.Bench.Calls;
using OrleansCache.Bench.Footprint;
using OrleansCache.Bench.Hits;
using OrleansCache.Bench.Import;
using OrleansCache.Bench.Leases;
using OrleansCache.Bench.Near;
using OrleansCache.Bench.Steady;
using OrleansCache.Bench.Unreachable;
using OrleansCache.Bench.Warm;

// dotnet run -c Release --project bench -- --filter '*'     what runs within one process
// dotnet run -c Release --project bench -- calls            calls between processes, beside Redis
// dotnet run -c Release --project bench -- hits             hits on one book in a silo's memory, from 16 callers in its process
// dotnet run -c Release --project bench -- leases           edits that near caches hold, in one process
// dotnet run -c Release --project bench -- near             a hit of the near cache, beside one of MemoryCache; rounds and a file of popularities may follow
// dotnet run -c Release --project bench -- warm             lookups from silos' memory while leases are renewed, beside without renewals
// dotnet run -c Release --project bench -- steady near 16   catalog queries and near hits of an even load, for 16 minutes ("far": without near caches); a file of popularities may follow
// dotnet run -c Release --project bench -- footprint        what a book takes in a silo, in an owner and in a near cache
// dotnet run -c Release --project bench -- import           an import into three regions, of a file if one follows
// dotnet run -c Release --project bench -- unreachable      an edit of a book that a silent region holds
switch (args)
{
    case ["calls", ..]:
        await CallsProgram.RunAsync(args[1..]);
        break;
    case ["hits", ..]:
        await HitsProgram.RunAsync(args[1..]);
        break;
    case ["leases"]:
        await LeasesProgram.RunAsync();
        break;
    case ["near", ..]:
        await NearHitsProgram.RunAsync(args[1..]);
        break;
    case ["warm", ..]:
        await WarmProgram.RunAsync(args[1..]);
        break;
    case ["footprint"]:
        await FootprintProgram.RunAsync();
        break;
    case [HeapSilo.Command, ..]:
        await HeapSilo.RunAsync(args[1..]);
        break;
    case ["import", ..]:
        await ImportProgram.RunAsync(args[1..]);
        break;
    case ["unreachable", ..]:
        await UnreachableProgram.RunAsync(args[1..]);
        break;
    case ["steady", ..]:
        await SteadyProgram.RunAsync(args[1..]);
        break;
    case [BenchSilo.Command, ..]:
        await BenchSilo.RunAsync(args[1..]);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(Job.ShortRun));
        break;
}
